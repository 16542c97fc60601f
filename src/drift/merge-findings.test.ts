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
    [finding("outside", "a", "scsi5"), finding("outside", "b", "net1"), finding("deleted", "d", "job")],
  );
  expect(merged).toEqual([
    {
      verdict: "outside",
      subject: "a",
      changes: [{ path: "cores" }, { path: "scsi5" }],
      detail: "detail of cores; detail of scsi5",
      hint: "hint of scsi5; hint of cores",
    },
    finding("outside", "b", "net1"),
    finding("pending", "b", "memory"),
    finding("pending", "c", "x"),
    finding("deleted", "d", "job"),
  ]);
});

test("each noise rule keeps its reason", () => {
  const noise = [finding("noise", "a", "usb1"), finding("noise", "a", "usb2")];
  expect(withFound(noise.slice(0, 1), noise.slice(1))).toEqual(expect.arrayContaining(noise));
});
