import { expect, test } from "vitest";
import type { GuestStatus } from "../connect/proxmox/types.ts";
import { Problem } from "../model/problem.ts";
import { type Entry, entry, planJson, vmValues } from "../plan/plan.test-helper.ts";
import { readPlan } from "../plan/plan-json.ts";
import { refuseTakenNumbers } from "./taken-numbers.ts";

const precious: GuestStatus = {
  vmid: 201,
  type: "vm",
  name: "precious",
  node: "pve2",
  status: "running",
  template: false,
  uptime: 60,
  lock: undefined,
  tags: [],
};
const create: Entry = { actions: ["create"], after: vmValues() };
const planOf = (...changes: Entry[]) => readPlan(planJson({ changes: changes.map(entry) }));

/** The Problem, or undefined, and how often Proxmox was asked. */
async function look(changes: Entry[], guests: GuestStatus[] = [precious]) {
  let asked = 0;
  const refused = refuseTakenNumbers("lab", planOf(...changes), async () => {
    asked += 1;
    return guests;
  });
  const problem = await refused.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { asked, problem };
}

test("a number that another guest has: what has it, where, and for what", async () => {
  const { asked, problem } = await look([create]);
  expect(problem).toMatchObject({
    kind: "configuration",
    code: "guest-number-taken",
    message: expect.stringMatching(/vms\["web"\].* number 201 is taken by vm precious on pve2, running$/),
    hint: expect.not.stringContaining("state import"),
  });
  expect(asked).toBe(1);
});

const same: GuestStatus = { ...precious, name: "web", node: "pve1" };

test.each<[string, GuestStatus, boolean]>([
  ["the same name, kind and node", same, true],
  ["it is being made, without a name yet", { ...same, name: "VM 201", lock: "clone" }, true],
  ["another name", { ...same, name: "precious" }, false],
  ["another kind", { ...same, type: "lxc" }, false],
  ["another node", { ...same, node: "pve2" }, false],
  ["a template", { ...same, template: true }, false],
])("the hint names the import only where it may be the same guest: %s", async (_, guest, named) => {
  const { problem } = await look([create], [guest]);
  expect(problem).toMatchObject({ code: "guest-number-taken" });
  const hint = problem instanceof Problem ? problem.hint : undefined;
  expect(hint?.includes("pve-home state import --env lab 201;")).toBe(named);
  expect(hint).toContain("vm_id");
});

test("all that are taken are named at once, after one call", async () => {
  const other = { ...create, address: "proxmox_vm.other", type: "proxmox_vm", after: { id: 202 } };
  const { asked, problem } = await look([create, other], [precious, { ...precious, vmid: 202, type: "lxc" }]);
  expect(problem).toMatchObject({
    message: expect.stringMatching(/number 201 .*number 202 is taken by lxc/),
  });
  expect(asked).toBe(1);
});

test("a replacement by a guest with another number needs that number", async () => {
  const replace = { actions: ["delete", "create"], before: vmValues({ vm_id: 200 }), after: vmValues() };
  expect((await look([replace])).problem).toMatchObject({ code: "guest-number-taken" });
});

test.each<[string, Entry[], number]>([
  ["it is replaced", [{ actions: ["delete", "create"], before: vmValues(), after: vmValues() }], 0],
  ["it is updated", [{ actions: ["update"], before: vmValues(), after: vmValues({ name: "x" }) }], 0],
  ["its number comes from Proxmox", [{ actions: ["create"], after: vmValues({ vm_id: null }) }], 0],
  [
    "the same plan deletes what has it",
    [create, { actions: ["delete"], address: "proxmox_vm.old", type: "proxmox_vm", before: { id: 201 } }],
    0,
  ],
  ["what is created is no guest", [{ ...create, type: "proxmox_backup_job" }], 0],
  ["its number is free", [{ ...create, after: vmValues({ vm_id: 999 }) }], 1],
])("nothing is refused where %s", async (_, changes, calls) => {
  expect(await look(changes)).toEqual({ asked: calls, problem: undefined });
});

test("a list that Proxmox does not give is a Problem, and never nothing", async () => {
  const problem = new Problem({ kind: "undetermined", code: "proxmox-unreachable", message: "no" });
  const refused = refuseTakenNumbers("lab", planOf(create), () => Promise.reject(problem));
  await expect(refused).rejects.toBe(problem);
});
