import { expect, test } from "vitest";
import { verdicts } from "../model/drift.ts";
import { sampleDrift } from "./sample.ts";
import { dryRunSteps } from "./steps.ts";

test.each([[["prod"]], [["prod", "lab"]], [["prod", "lab", "monitoring", "office"]]])(
  "every verdict once over %j, each report marked",
  (environments) => {
    const { reports, unmanaged } = sampleDrift(environments, 0);
    expect(reports.map(({ environment }) => environment)).toEqual(environments);
    const findings = [...reports.flatMap((report) => report.findings), ...unmanaged.findings];
    expect(findings.map(({ verdict }) => verdict).toSorted()).toEqual([...verdicts].toSorted());
    expect([...reports, unmanaged].every(({ sample }) => sample === true)).toBe(true);
  },
);

test("steps name the tool, the folder and the backend's settings, never their values", () => {
  const run = {
    tool: "tofu" as const,
    directory: "/env/prod",
    backend: { settings: { secret_key: "hunter2" } },
  };
  const steps = dryRunSteps(run, 300_000).join("\n");
  expect(steps).toContain("300 s");
  expect(steps).toContain("tofu plan -detailed-exitcode -lock=false");
  expect(steps).toContain("with secret_key set");
  expect(steps).not.toContain("hunter2");
  expect(dryRunSteps({ ...run, backend: { file: "/env/backend.hcl" } }, 0).join("\n")).toContain(
    "/env/backend.hcl",
  );
});
