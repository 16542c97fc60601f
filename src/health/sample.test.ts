import { expect, test } from "vitest";
import { byComponent } from "../model/health.ts";
import { statuses } from "../model/status.ts";
import { checks } from "./checks/index.ts";
import { dryRunSteps, sampleReport } from "./sample.ts";

test("the sample shows every status and is marked", () => {
  const { sample, findings } = sampleReport("prod");
  expect(sample).toBe(true);
  expect(new Set(findings.map((finding) => finding.status))).toEqual(new Set(statuses));
  expect(new Set(byComponent(findings).map((row) => row.status))).toEqual(
    new Set(["ok", "fail", "pending", "warn", "unknown"]),
  );
});

test("the sample's checks exist", () => {
  const names = checks.map((check) => check.name);
  for (const { check } of sampleReport("prod").findings) expect(names).toContain(check);
});

test("the steps name the environment and every check", () => {
  const steps = dryRunSteps("lab", checks).join("\n");
  for (const word of ["lab", ...checks.map((check) => check.name)]) expect(steps).toContain(word);
});
