import { inspectPlan } from "../../src/drift/inspect-plan.ts";
import { readPlan } from "../../src/plan/plan-json.ts";
import { bigPlanJson } from "../drift/big-plan.ts";
import type { Row } from "./row.ts";

/** Verdicts must cost little beside reading what they are about. */
export const driftLarge: Row = {
  name: "drift-large",
  ours: "plan JSON with 10,000 resources to verdicts, parsing included",
  floor: "JSON.parse of the same text",
  target: 3,
  rounds: 5,
  async measure() {
    text ??= bigPlanJson({ resources: 10_000, changed: 0.25 });
    const start = performance.now();
    JSON.parse(text);
    const parsed = performance.now();
    const { findings } = inspectPlan(readPlan(JSON.parse(text)), { noise: [], now: 0, apply: "apply" });
    const judged = performance.now();
    if (findings.length === 0) throw new Error("no finding in a plan with changes");
    return { floor: parsed - start, ours: judged - parsed };
  },
};

let text: string | undefined;
