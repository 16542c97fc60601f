import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import type { GuestForecast } from "../model/plan.ts";
import { entry, planJson, vmType, vmValues, webAddress } from "../plan/plan.test-helper.ts";
import { readPlan } from "../plan/plan-json.ts";
import { forecastOf } from "./forecast.ts";

const containerType = "proxmox_virtual_environment_container";

function fixture(...path: string[]) {
  const file = join(import.meta.dirname, "../../test", ...path);
  const { plan }: { plan: unknown } = JSON.parse(readFileSync(file, "utf8"));
  return readPlan(plan);
}

const inShort = (forecast: readonly GuestForecast[]) =>
  forecast.map(({ guest, kind, vmid, effect, causes }) =>
    [`${kind} ${guest} ${vmid}: ${effect}`, ...causes].join(" "),
  );

test("bpg#2902: importing plans two defaults in place, and applying turns both firewalls off", () => {
  expect(inShort(forecastOf(fixture("apply/fixtures/bpg-2902.json")))).toEqual([
    "vm opnsense1 100: stop-start agent[0].type keyboard_layout",
    "vm opnsense2 101: stop-start agent[0].type keyboard_layout",
  ]);
});

// Recorded from the real provider: test/drift/record-plans.ts.
test.each([
  ["in-line", []],
  ["output-only", []],
  ["tags-by-hand", []],
  ["stopped-by-hand", []],
  ["guest-in-code", []],
  ["guest-deleted", []],
  ["moved-in-code", []],
  ["disk-grown-by-hand", ["vm web 201: refused disk[0].size"]],
  ["cores-by-hand", ["vm web 201: stop-start cpu[0].cores"]],
  ["memory-in-code", ["vm web 201: stop-start memory[0].dedicated memory[0].floating"]],
  ["both", ["vm web 201: stop-start cpu[0].cores memory[0].dedicated memory[0].floating"]],
  ["container-by-hand", ["lxc dns 203: reboot memory[0].dedicated"]],
  ["guest-out-of-code", ["lxc dns 203: destroyed"]],
  ["replaced-by-code", ["lxc dns 203: replaced unprivileged"]],
])("recorded: %s", (name, expected) => {
  expect(inShort(forecastOf(fixture("drift/generated", `${name}.json`)))).toEqual(expected);
});

test.each([
  ["replaced", ["delete", "create"], "replace_because_tainted", "its last creation did not finish"],
  ["destroyed", ["delete"], "delete_because_each_key", "for_each no longer has its key"],
])("a guest that is %s for no attribute: why", (effect, actions, reason, why) => {
  const after = actions.includes("create") ? vmValues() : null;
  const plan = readPlan(planJson({ changes: [entry({ actions, before: vmValues(), after, reason })] }));
  expect(forecastOf(plan)).toMatchObject([{ effect, causes: [], reason: why }]);
});

/** What is said of the VM `web` when an update changes `before` into `after`. */
function vmForecast(before: JsonObject, after: JsonObject, unknown: JsonObject = {}): string[] {
  const change = entry({
    actions: ["update"],
    before: vmValues(before),
    after: vmValues({ ...before, ...after }),
    unknown,
  });
  return forecastOf(readPlan(planJson({ changes: [change] }))).map(({ effect, causes }) =>
    [effect, ...causes].join(" "),
  );
}

const disk = (over: JsonObject = {}) => ({
  interface: "scsi0",
  size: 20,
  datastore_id: "local-lvm",
  aio: "io_uring",
  cache: "none",
  ...over,
});
const cpu = (over: JsonObject = {}) => ({ cpu: [{ cores: 2, sockets: 1, hotplugged: 1, ...over }] });
const memory = (dedicated: number, over: JsonObject = {}) => ({ memory: [{ dedicated, ...over }] });

describe("a VM that is updated in place", () => {
  test.each<[string, JsonObject, JsonObject, string[]]>([
    ["description", {}, { description: "other" }, []],
    ["tags", {}, { tags: ["other"] }, []],
    ["name", {}, { name: "other" }, []],
    ["bridge", { network_device: [{ bridge: "vmbr0" }] }, { network_device: [{ bridge: "vmbr1" }] }, []],
    ["a second network card", {}, { network_device: [{ bridge: "vmbr0" }] }, []],
    ["bios", { bios: "seabios" }, { bios: "ovmf" }, ["stop-start bios"]],
    ["machine", { machine: "pc" }, { machine: "q35" }, ["stop-start machine"]],
    ["SCSI controller", { scsi_hardware: "a" }, { scsi_hardware: "b" }, ["stop-start scsi_hardware"]],
    [
      "agent's timeout",
      { agent: [{ timeout: "1m" }] },
      { agent: [{ timeout: "2m" }] },
      ["stop-start agent[0].timeout"],
    ],
    ["cores", cpu(), cpu({ cores: 4 }), ["stop-start cpu[0].cores"]],
    ["a virtual CPU that cannot be plugged", cpu(), cpu({ hotplugged: 2 }), ["stop-start cpu[0].hotplugged"]],
    ["a virtual CPU that can", { ...cpu(), hotplug: "cpu,disk" }, cpu({ hotplugged: 2 }), []],
    ["less memory", { ...memory(2048), hotplug: "memory" }, memory(1024), ["stop-start memory[0].dedicated"]],
    ["more memory that can be plugged", { ...memory(2048), hotplug: "1" }, memory(4096), []],
    ["a disk that grows", { disk: [disk()] }, { disk: [disk({ size: 30 })] }, []],
    [
      "a disk that grows where disks cannot be plugged, with an agent",
      { disk: [disk()], hotplug: "network", agent: [{ enabled: true }] },
      { disk: [disk({ size: 30 })] },
      ["reboot disk[0].size"],
    ],
    [
      "likewise without an agent",
      { disk: [disk()], hotplug: "0" },
      { disk: [disk({ size: 30 })] },
      ["stop-start disk[0].size"],
    ],
    ["a disk's cache", { disk: [disk()] }, { disk: [disk({ cache: "writeback" })] }, []],
    ["a disk's aio", { disk: [disk()] }, { disk: [disk({ aio: "native" })] }, ["stop-start disk[0].aio"]],
    [
      "a disk that moves to another store",
      { disk: [disk()] },
      { disk: [disk({ datastore_id: "nfs" })] },
      ["stop-start disk[0].datastore_id"],
    ],
    ["a second disk", { disk: [disk()] }, { disk: [disk(), disk({ interface: "scsi1" })] }, []],
    [
      "the first of two disks goes: the second is the same one",
      { disk: [disk({ aio: "native" }), disk({ interface: "scsi1" })] },
      { disk: [disk({ interface: "scsi1" })] },
      [],
    ],
    [
      "cloud-init: another user",
      { initialization: [{ user_account: [{ username: "a" }] }] },
      { initialization: [{ user_account: [{ username: "b" }] }] },
      ["stop-start initialization[0].user_account[0].username"],
    ],
    ["stopped", {}, { started: false }, ["stopped started"]],
    ["made a template", { template: false }, { template: true }, ["stopped template"]],
    ["moved to another node", {}, { node_name: "pve2" }, ["migrated node_name"]],
    ["an attribute of the future", {}, { flux_capacitor: true }, ["may-restart flux_capacitor"]],
    [
      "defaults that an import leaves unset",
      { reboot: null, acpi: false },
      { reboot: false, acpi: null },
      [],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(vmForecast(before, after)).toEqual(expected);
  });

  test("the worst of several effects is reported, with its causes", () => {
    expect(vmForecast(cpu(), { ...cpu({ cores: 4 }), started: false, tags: [] })).toEqual([
      "stopped started",
    ]);
  });

  test("one that does not run feels nothing, but for what is never done", () => {
    expect(vmForecast({ started: false, bios: "seabios" }, { bios: "ovmf" })).toEqual([]);
    expect(vmForecast({ started: false, ...cpu() }, { started: true, ...cpu({ cores: 4 }) })).toEqual([]);
    expect(vmForecast({ started: false, disk: [disk()] }, { disk: [disk({ size: 10 })] })).toEqual([
      "refused disk[0].size",
    ]);
    expect(vmForecast({ started: false, template: true, bios: "a" }, { bios: "b" })).toEqual([]);
  });

  test("one that may or may not run counts as running", () => {
    expect(vmForecast({ started: null, bios: "a" }, { bios: "b" })).toEqual(["stop-start bios"]);
  });

  test("one that may not be turned off by the provider", () => {
    const no = { reboot_after_update: false };
    expect(vmForecast({ ...no, bios: "a" }, { bios: "b" })).toEqual(["after-reboot bios"]);
    expect(vmForecast({ ...no, disk: [disk()] }, { disk: [disk({ datastore_id: "nfs" })] })).toEqual([
      "refused disk[0].datastore_id",
    ]);
    expect(vmForecast(no, { started: false })).toEqual(["stopped started"]);
  });

  test("a value that is not known yet may restart it; what the provider computes does not", () => {
    const given = vmForecast(
      { memory: [{ dedicated: 2048 }] },
      { memory: [{}] },
      { memory: [{ dedicated: true }] },
    );
    expect(given).toEqual(["may-restart memory[0].dedicated"]);
    expect(vmForecast({}, { tags: ["x"] }, { ipv4_addresses: true, mac_addresses: true })).toEqual([]);
  });
});

function containerForecast(before: JsonObject, after: JsonObject): string[] {
  const values = { vm_id: 203, started: true, initialization: [{ hostname: "dns" }], ...before };
  const change = entry({
    address: `${containerType}.dns`,
    type: containerType,
    actions: ["update"],
    before: values,
    after: { ...values, ...after },
  });
  return inShort(forecastOf(readPlan(planJson({ changes: [change] }))));
}

test.each<[string, JsonObject, JsonObject, string | undefined]>([
  ["description", {}, { description: "x" }, undefined],
  ["cores", { cpu: [{ cores: 1 }] }, { cpu: [{ cores: 2 }] }, undefined],
  ["features", { features: [{ nesting: false }] }, { features: [{ nesting: true }] }, undefined],
  ["smaller disk", { disk: [{ size: 8 }] }, { disk: [{ size: 4 }] }, "refused disk[0].size"],
  ["larger disk", { disk: [{ size: 4 }] }, { disk: [{ size: 8 }] }, undefined],
  [
    "mount options",
    { disk: [{}] },
    { disk: [{ mount_options: ["noatime"] }] },
    "reboot disk[0].mount_options",
  ],
  ["memory", { memory: [{ dedicated: 1 }] }, { memory: [{ dedicated: 2 }] }, "reboot memory[0].dedicated"],
  ["name", {}, { initialization: [{ hostname: "ns" }] }, "reboot initialization[0].hostname"],
  ["mount point", {}, { mount_point: [{ path: "/x" }] }, "reboot mount_point[0]"],
  [
    "stopped",
    { memory: [{ dedicated: 1 }] },
    { started: false, memory: [{ dedicated: 2 }] },
    "stopped started",
  ],
  ["not running", { started: false, memory: [{ dedicated: 1 }] }, { memory: [{ dedicated: 2 }] }, undefined],
])("a container that is updated in place: %s", (_, before, after, expected) => {
  expect(containerForecast(before, after)).toEqual(
    expected === undefined ? [] : [`lxc dns 203: ${expected}`],
  );
});

test("the worst comes first, templates and other resources are left out, leftovers count", () => {
  const changes = [
    entry({ actions: ["update"], before: vmValues(), after: vmValues({ bios: "ovmf" }) }),
    entry({ address: "a.tpl", actions: ["delete"], before: vmValues({ template: true }) }),
    entry({ address: "b.c", type: "proxmox_virtual_environment_file", actions: ["delete"], before: {} }),
    entry({ address: "b.d", actions: ["delete"], before: vmValues({ name: "old", vm_id: 9 }), deposed: "1" }),
    entry({
      address: "b.e",
      actions: ["delete", "create"],
      before: vmValues({ name: "x", vm_id: 8 }),
      after: vmValues({ name: "y" }),
      replacePaths: [["clone", 0, "vm_id"]],
    }),
  ];
  expect(inShort(forecastOf(readPlan(planJson({ changes }))))).toEqual([
    "vm x 8: replaced clone[0].vm_id",
    "vm old 9: destroyed",
    "vm web 201: stop-start bios",
  ]);
});

test("VMs of the newer resources stay up, unless they are stopped", () => {
  const type = "proxmox_cloned_vm";
  const update = (after: JsonObject) =>
    entry({
      type,
      actions: ["update"],
      before: { id: "7", name: "n", started: true },
      after: { id: "7", name: "n", started: true, ...after },
    });
  const said = (after: JsonObject) => inShort(forecastOf(readPlan(planJson({ changes: [update(after)] }))));
  expect(said({ memory: { size: 1 } })).toEqual([]);
  expect(said({ started: false })).toEqual(["vm n 7: stopped started"]);
});

test("high availability that is told to stop a guest names it", () => {
  const ha = entry({
    address: "proxmox_haresource.web",
    type: "proxmox_haresource",
    actions: ["update"],
    before: { resource_id: "vm:201", state: "started" },
    after: { resource_id: "vm:201", state: "disabled" },
  });
  const state = [{ address: webAddress, mode: "managed", type: vmType, values: vmValues() }];
  expect(inShort(forecastOf(readPlan(planJson({ changes: [ha], state }))))).toEqual([
    "vm web 201: stopped state",
  ]);
});
