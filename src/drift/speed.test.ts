import { expect, test } from "vitest";
import { bigPlanJson } from "../../test/drift/big-plan.ts";
import { readPlan } from "../connect/terraform/plan/plan-json.ts";
import { stateResources } from "../connect/terraform/plan/state-resources.ts";
import { inspectPlan } from "./inspect-plan.ts";
import { vmidsOf } from "./unmanaged.ts";

// 10,000 resources give the same ratio; npm run bench has them.
const resources = 2000;

/** The shortest of three runs, in milliseconds: what the work takes when nothing else is going on. */
function shortest(work: () => void): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
}

test("verdicts, a quarter of the resources changed, take at most three times as long as parsing the plan", () => {
  const text = bigPlanJson({ resources, changed: 0.25 });
  const json: unknown = JSON.parse(text);
  const noise = ["a", "b", "c"].map((name) => ({
    resource: `module.vms["${name}-*"].*`,
    attribute: "memory[*].*",
    reason: "none",
    expires: "2099-12-31",
  }));
  let findings = 0;
  const judging = shortest(() => {
    const plan = readPlan(json);
    findings = inspectPlan(plan, { noise, now: 0, apply: "tofu apply" }).findings.length;
    expect(vmidsOf(stateResources(plan.priorState))).toHaveLength(resources);
  });
  expect(findings).toBe(resources / 2);
  expect(judging / shortest(() => JSON.parse(text))).toBeLessThan(3);
}, 60_000);
