import { describe, expect, test } from "vitest";
import type { NoiseRule } from "../model/drift.ts";
import { threeWay, vmType, vmValues, webAddress } from "../plan/plan.test-helper.ts";
import { readPlan } from "../plan/plan-json.ts";
import { inspectPlan } from "./inspect-plan.ts";

const now = Date.parse("2026-03-01T05:00:00Z");
const cpu = (cores: number, sockets = 1) => ({ cpu: [{ cores, sockets }] });
const state = vmValues(cpu(2));
const edited = threeWay({ state, found: vmValues(cpu(4, 2)), wanted: state });

const rule = (over: Partial<NoiseRule> = {}): NoiseRule => ({
  resource: vmType,
  attribute: "cpu[0].cores",
  reason: "hot-plugged",
  expires: "2026-12-31",
  ...over,
});
const inspect = (noise: NoiseRule[], plan = edited) =>
  inspectPlan(readPlan(plan), { noise, now, apply: "tofu apply" });
const short = (noise: NoiseRule[]) =>
  inspect(noise).findings.map(({ verdict, changes }) => [verdict, ...changes.map(({ path }) => path)]);

test("in words, with the command that undoes it", () => {
  expect(inspect([]).findings).toEqual([
    {
      verdict: "outside",
      subject: webAddress,
      changes: [
        { path: "cpu[0].cores", before: 2, after: 4 },
        { path: "cpu[0].sockets", before: 1, after: 2 },
      ],
      detail: "changed by hand",
      hint: "to keep it, write it into the code; to undo it: tofu apply",
    },
  ]);
});

describe("noise rules", () => {
  test("what a rule covers is noise, the rest stays drift", () => {
    expect(short([rule()])).toEqual([
      ["outside", "cpu[0].sockets"],
      ["noise", "cpu[0].cores"],
    ]);
    expect(inspect([rule()]).findings[1]?.reason).toBe("hot-plugged (until 2026-12-31)");
  });

  test.each<[string, Partial<NoiseRule>]>([
    ["by address", { resource: webAddress, attribute: "cpu*" }],
    ["by pattern of addresses", { resource: 'module.vms["*"].*', attribute: "cpu[?].*" }],
    ["a block for what is in it", { attribute: "cpu[0]" }],
    ["everything about a resource", { attribute: undefined }],
  ])("%s", (_, over) => {
    expect(short([rule(over)])).toEqual([["noise", "cpu[0].cores", "cpu[0].sockets"]]);
  });

  test.each<[string, Partial<NoiseRule>]>([
    ["another resource", { resource: 'module.vms["db"].*' }],
    ["another attribute", { attribute: "cpu[0].core" }],
    ["part of a type", { resource: "proxmox" }],
  ])("not: %s", (_, over) => {
    expect(short([rule(over)])).toEqual([["outside", "cpu[0].cores", "cpu[0].sockets"]]);
  });

  test("a rule holds through its last day, is announced before, and then fails the check by name", () => {
    expect(inspect([rule({ expires: "2026-03-01" })])).toMatchObject({
      notes: [`the noise rule for ${vmType} cpu[0].cores holds until 2026-03-01`],
      problem: undefined,
    });
    const expired = inspect([rule({ expires: "2026-02-28" })]);
    expect(expired.findings.map(({ verdict }) => verdict)).toEqual(["outside"]);
    expect(expired.problem).toMatchObject({
      code: "noise-rule-expired",
      message: expect.stringContaining(`${vmType} cpu[0].cores (2026-02-28: hot-plugged)`),
    });
  });

  test("an expired rule about resources of another environment is that one's affair", () => {
    expect(
      inspect([rule({ resource: "module.elsewhere.*", expires: "2020-01-01" })]).problem,
    ).toBeUndefined();
  });

  test("an expired rule fails the check also while there is nothing to cover", () => {
    const quiet = threeWay({ state, found: state, wanted: state });
    expect(inspect([rule({ expires: "2020-01-01" })], quiet).problem?.code).toBe("noise-rule-expired");
  });
});
