import { expect, test } from "vitest";
import type { DriftFinding } from "../model/drift.ts";
import { withFound } from "./merge-findings.ts";

const finding = (verdict: DriftFinding["verdict"], subject: string, path: string): DriftFinding => ({
  verdict,
  subject,
  changes: [{ path }],
  detail: `detail of ${path}`,
  hint: `hint of ${path}`,
});

test("one finding for what is of the same verdict about the same resource", () => {
  const merged = withFound(
    [finding("outside", "a", "cores"), finding("pending", "b", "memory"), finding("pending", "c", "x")],
    {
      findings: [
        finding("outside", "a", "scsi5"),
        finding("outside", "b", "net1"),
        finding("deleted", "d", "job"),
      ],
    },
  );
  expect(merged).toEqual([
    {
      verdict: "outside",
      subject: "a",
      changes: [{ path: "cores" }, { path: "scsi5" }],
      detail: "detail of cores; detail of scsi5",
      hint: "hint of scsi5; then, for the rest: hint of cores",
    },
    finding("outside", "b", "net1"),
    finding("pending", "b", "memory"),
    finding("pending", "c", "x"),
    finding("deleted", "d", "job"),
  ]);
});

test("a device that the plan has by its attribute is listed once, and so is the hint", () => {
  const told = new Map([["a", ["mount_point[0]"]]]);
  const mp0 = finding("outside", "a", "mp0");
  const plan = finding("outside", "a", "mount_point[0]");
  expect(withFound([plan], { findings: [mp0], told })).toEqual([mp0]);
  const withMore = { ...plan, changes: [{ path: "cores" }, { path: "mount_point[0].volume" }] };
  expect(withFound([withMore], { findings: [mp0], told })).toMatchObject([
    { changes: [{ path: "cores" }, { path: "mp0" }] },
  ]);
});

test("each noise rule keeps its reason", () => {
  const noise = [finding("noise", "a", "usb1"), finding("noise", "a", "usb2")];
  expect(withFound(noise.slice(0, 1), { findings: noise.slice(1) })).toEqual(expect.arrayContaining(noise));
});
