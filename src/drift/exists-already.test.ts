import { describe, expect, test } from "vitest";
import type { GuestStatus } from "../connect/proxmox/types.ts";
import type { DriftFinding } from "../model/drift.ts";
import type { PlannedGuest } from "../plan/guests.ts";
import { withExisting } from "./exists-already.ts";

const address = 'module.containers["ct"].proxmox_virtual_environment_container.this';
const planned: PlannedGuest = { address, kind: "lxc", vmid: 306, node: "pve1", name: "ct", values: {} };
const pending: DriftFinding = {
  verdict: "pending",
  subject: address,
  changes: [],
  detail: "not created yet",
};
const guest = (over: Partial<GuestStatus> = {}): GuestStatus => ({
  vmid: 306,
  type: "lxc",
  name: "ct",
  node: "pve1",
  status: "stopped",
  template: false,
  uptime: 0,
  lock: undefined,
  tags: [],
  ...over,
});
const creating = { environment: "lab", guests: [planned], findings: [pending] };
const explained = (
  guests: GuestStatus[],
  managed: number[] = [],
  over: { complete?: boolean; planned?: PlannedGuest } = {},
) =>
  withExisting(
    { ...creating, guests: [over.planned ?? planned] },
    { guests, managed: new Set(managed), complete: over.complete ?? true },
  );

test("a guest that is to be created and exists: one finding, with the command that takes it in", () => {
  const { findings, vmids } = explained([guest()]);
  expect(findings).toMatchObject([{ verdict: "pending", subject: address }]);
  expect(findings[0]?.detail).toContain("lxc/306 (ct)");
  expect(findings[0]?.hint).toMatch(/: pve-home state import --env lab 306$/);
  expect(vmids).toEqual([306]);
});

test("one that Proxmox still works on says so, also while it has no name yet", () => {
  expect(explained([guest({ name: "CT306", lock: "create" })]).findings[0]?.detail).toContain("lock: create");
});

test.each([
  ["the other kind", guest({ type: "vm" }), []],
  ["another node", guest({ node: "pve2" }), []],
  ["another name", guest({ name: "precious" }), []],
  ["in another state", guest(), [306]],
])("a number that something else has is no way to create it either: %s", (_, other, managed) => {
  const { findings, vmids } = explained([other], managed);
  expect(findings[0]?.detail).toMatch(/number 306 is taken by (vm|lxc) (ct|precious) on pve/);
  expect(findings[0]?.hint).not.toContain("state import");
  expect(vmids).toEqual([]);
});

test("what does not exist yet is left as it is, and so are findings of another kind", () => {
  expect(explained([guest({ vmid: 307 })])).toEqual({ findings: [pending], vmids: [] });
  const deleted: DriftFinding = { ...pending, verdict: "deleted" };
  expect(
    withExisting(
      { ...creating, findings: [deleted] },
      { guests: [guest()], managed: new Set(), complete: true },
    ),
  ).toEqual({
    findings: [deleted],
    vmids: [],
  });
});

describe("without a number in the code, the guest is identified by its name", () => {
  const numberless = { planned: { ...planned, vmid: undefined } };

  test("one that no state has", () => {
    const { findings, vmids } = explained([guest({ vmid: 100 })], [], numberless);
    expect(findings[0]?.hint).toMatch(/: pve-home state import --env lab 100$/);
    expect(vmids).toEqual([100]);
  });

  test.each([
    ["another state has it", [guest()], [306], true],
    ["a state that was not read may have it", [guest()], [], false],
    ["there are two of that name", [guest(), guest({ vmid: 307 })], [], true],
    ["it is on another node", [guest({ node: "pve2" })], [], true],
    ["it is of the other kind", [guest({ type: "vm" })], [], true],
  ])("not where %s", (_, guests, managed, complete) => {
    expect(explained(guests, managed, { ...numberless, complete })).toEqual({
      findings: [pending],
      vmids: [],
    });
  });
});
