import { beforeEach, expect, test } from "vitest";
import type { GuestStatus } from "../connect/proxmox/types.ts";
import type { Importing, TerraformRun } from "../connect/terraform/types.ts";
import { Problem } from "../model/problem.ts";
import { type ImportDependencies, importGuest } from "./import-guest.ts";

// What is refused before anything is written; test/apply and test/hostile import with the real provider.

const address = 'module.containers["ct"].proxmox_virtual_environment_container.this';
const type = "proxmox_virtual_environment_container";
const run = (directory: string): TerraformRun => ({ directory, tool: "terraform", environment: {} });
const stateWith = (...vmids: number[]) => ({
  values: {
    root_module: {
      resources: vmids.map((vm_id) => ({
        address: `${type}.x${vm_id}`,
        mode: "managed",
        type,
        values: { vm_id },
      })),
    },
  },
});
const values = { vm_id: 306, node_name: "pve1", started: true, initialization: [{ hostname: "ct" }] };
const plan = {
  format_version: "1.2",
  prior_state: stateWith(303),
  resource_changes: [
    { address, type, mode: "managed", change: { actions: ["create"], before: null, after: values } },
  ],
};
const ct: GuestStatus = {
  vmid: 306,
  type: "lxc",
  name: "ct",
  node: "pve1",
  status: "running",
  template: false,
  uptime: 0,
  lock: undefined,
  tags: [],
};

let imported: Importing[];
let disposed: string[];
beforeEach(() => {
  imported = [];
  disposed = [];
});

const importIt = (vmid = 306, guests: GuestStatus[] = [ct], over: Partial<ImportDependencies> = {}) =>
  importGuest({ name: "lab", run: run("lab") }, vmid, {
    prepare: async ({ directory }) => ({
      plan: async () => ({ exitCode: 2, planFile: "plan", json: plan }),
      state: async () => stateWith(201),
      import: async (importing) => void imported.push(importing),
      dispose: async () => void disposed.push(directory),
    }),
    listGuests: async () => guests,
    others: [{ name: "prod", run: run("prod") }],
    agree: async () => true,
    log: () => undefined,
    lockTimeoutMs: 1000,
    ...over,
  });

test("a guest that exists is imported as what the code declares", async () => {
  expect(await importIt()).toBe("imported");
  expect(imported).toEqual([{ address, id: "pve1/306", values, lockTimeoutMs: 1000 }]);
  expect(disposed.sort()).toEqual(["lab", "prod"]);
});

test("a guest whose number the code leaves open is identified by its name, and gets its number", async () => {
  const numberless = {
    ...plan,
    resource_changes: plan.resource_changes.map((one) => {
      const after = { node_name: "pve1", initialization: [{ hostname: "ct" }] };
      return { ...one, change: { ...one.change, after } };
    }),
  };
  const prepare = async (of: TerraformRun) => ({
    ...(await prodHasIt(of)),
    plan: async () => ({ exitCode: 2 as const, planFile: "plan", json: numberless }),
  });
  const alone = { prepare, others: [] };
  await importIt(306, [ct], alone);
  expect(imported).toMatchObject([{ address, id: "pve1/306", values: { vm_id: 306 } }]);
  await expect(importIt(306, [{ ...ct, name: "other" }], alone)).rejects.toMatchObject({
    code: "guest-not-declared",
  });
});

test("one that the state has already is left as it is", async () => {
  expect(await importIt(303)).toBe("known");
  expect(await importIt(306, [ct], { agree: async () => false })).toBe("left");
  expect(imported).toEqual([]);
});

const prodHasIt = async ({ directory }: TerraformRun) => ({
  plan: async () => ({ exitCode: 2 as const, planFile: "plan", json: plan }),
  state: async () => stateWith(306),
  import: async (importing: Importing) => void imported.push(importing),
  dispose: async () => void disposed.push(directory),
});

test.each<[string, Parameters<typeof importIt>]>([
  ["guest-not-declared", [307]],
  ["guest-not-found", [306, []]],
  ["guest-differs", [306, [{ ...ct, type: "vm" }]]],
  ["guest-differs", [306, [{ ...ct, node: "pve2" }]]],
  ["guest-other", [306, [{ ...ct, name: "precious" }]]],
  ["guest-locked", [306, [{ ...ct, name: "CT306", lock: "create" }]]],
  ["guest-managed", [306, [ct], { prepare: prodHasIt }]],
  [
    "declined",
    [
      306,
      [ct],
      { agree: () => Promise.reject(new Problem({ kind: "declined", code: "declined", message: "" })) },
    ],
  ],
])("refused with %s, and nothing is written", async (code, given) => {
  await expect(importIt(...given)).rejects.toMatchObject({ code });
  expect(imported).toEqual([]);
  expect(disposed).toContain("lab");
});

test("a lock of a backup does not stand in the way", async () => {
  await importIt(306, [{ ...ct, lock: "backup" }]);
  expect(imported).toHaveLength(1);
});
