import { expect, test } from "vitest";
import type { NoiseRule } from "../model/drift.ts";
import type { JsonObject } from "../model/json.ts";
import { Problem } from "../model/problem.ts";
import { entry, planJson, threeWay, vmType, vmValues, webAddress } from "../plan/plan.test-helper.ts";
import { readPlan } from "../plan/plan-json.ts";
import type { GuestConfig } from "../plan/undeclared.ts";
import type { DriftContext } from "./source.ts";
import { undeclaredDeviceSource } from "./undeclared-devices.ts";

const dbAddress = `module.vms["db"].${vmType}.this`;
const inState = (address: string, vm_id: number) => ({ address, type: vmType, values: vmValues({ vm_id }) });
const attached = { scsi0: "local-lvm:vm-201-disk-0,size=20G", scsi5: "local-lvm:vm-201-disk-3,size=8G" };
const unreadable = new Problem({ kind: "undetermined", code: "proxmox-not-found", message: "no" });

function inspect(configs: Record<number, GuestConfig>, over: Partial<DriftContext> = {}) {
  const source = undeclaredDeviceSource(async ({ vmid }) => {
    const config = configs[vmid];
    if (config === undefined) throw unreadable;
    return config;
  });
  return source.inspect({
    environment: "prod",
    run: { directory: "/env/prod", tool: "tofu", environment: {} },
    apply: "pve-home apply --env prod",
    plan: undefined,
    state: async () => [
      inState(webAddress, 201),
      inState(dbAddress, 202),
      { address: "a.job", type: "proxmox_backup_job", values: {} },
    ],
    noise: [],
    signal: undefined,
    ...over,
  });
}

test("one finding for each guest, with key and value, also without a plan", async () => {
  const { findings, problem } = await inspect({
    201: { ...attached, unused0: "local-lvm:vm-201-disk-9" },
    202: { net3: "virtio=BC:24:11:00:00:01,bridge=vmbr0", usb1: "host=1234:5678" },
  });
  expect(problem).toBeUndefined();
  expect(findings).toMatchObject([
    {
      verdict: "outside",
      subject: webAddress,
      changes: [{ path: "scsi5", after: "local-lvm:vm-201-disk-3, 8G" }],
      detail: expect.stringContaining("change of disk would detach it"),
    },
    { verdict: "outside", subject: dbAddress, changes: [{ path: "net3" }, { path: "usb1" }] },
  ]);
});

test("what the code declares by now is pending, and not outside", async () => {
  const disk = [{ interface: "scsi0" }, { interface: "scsi5" }];
  const json: JsonObject = threeWay({ state: vmValues(), found: vmValues(), wanted: vmValues({ disk }) });
  const { findings } = await inspect({ 201: attached, 202: {} }, { plan: readPlan(json) });
  expect(findings).toEqual([]);
});

test("what the refresh took into the state is no more declared than what it hides", async () => {
  const card = { model: "virtio", bridge: "vmbr0" };
  const [before, found] = [vmValues({ network_device: [card] }), vmValues({ network_device: [card, card] })];
  const plan = readPlan(threeWay({ state: before, found, wanted: before }));
  const state = async () => [{ address: webAddress, type: vmType, values: found }];
  const config = { 201: { net0: "virtio=BC:24:11:00:00:01", net1: "virtio=BC:24:11:00:00:02" } };
  const { findings } = await inspect(config, { plan, state });
  expect(findings).toMatchObject([{ subject: webAddress, changes: [{ path: "net1" }] }]);
});

test("a mount point for which applying replaces the container is told so, with the command that removes it", async () => {
  const type = "proxmox_virtual_environment_container";
  const address = `module.containers["dns"].${type}.this`;
  const values = (over: JsonObject) => ({ vm_id: 203, node_name: "pve1", mount_point: [], ...over });
  const found = values({ mount_point: [{ volume: "local-lvm:vm-203-disk-1", path: "/data" }] });
  const side = { address, type, before: found };
  const plan = readPlan(
    planJson({
      drift: [entry({ ...side, actions: ["update"], before: values({}), after: found })],
      changes: [
        entry({
          ...side,
          actions: ["delete", "create"],
          after: values({}),
          replacePaths: [["mount_point"]],
        }),
      ],
    }),
  );
  const config = {
    203: { mp0: "local-lvm:vm-203-disk-1,mp=/data,size=4G", net1: "name=eth1,bridge=vmbr0" },
  };
  const state = async () => [{ address, type, values: found }];
  const { findings, told } = await inspect(config, { plan, state });
  expect(findings).toMatchObject([
    {
      detail: expect.stringContaining("the next apply replaces or destroys the guest with all its data"),
      hint: "remove it by hand, on pve1: pct set 203 --delete net1,mp0",
    },
  ]);
  expect(told?.get(address)).toEqual(["mount_point[0]"]);
});

test("each device is told with what takes it: the next apply, the next change, or a replacement", async () => {
  const type = "proxmox_virtual_environment_container";
  const values = { vm_id: 203, node_name: "pve1" };
  const state = async () => [{ address: `${type}.dns`, type, values }];
  const config = { 203: { net1: "name=eth1", dev0: "/dev/ttyUSB0" } };
  const { findings } = await inspect(config, { state });
  expect(findings).toMatchObject([
    {
      detail: expect.stringMatching(
        /net1 \(name=eth1\): the next change of network_interface .*; dev0 \(.*\): replacing the guest/,
      ),
      hint: expect.stringMatching(/pct set 203 --delete net1,dev0; to keep it, declare it in the code$/),
    },
  ]);
});

test("a guest that cannot be read hides nothing about the others, and is never in order", async () => {
  const { findings, problem } = await inspect({ 201: attached });
  expect(findings).toMatchObject([{ subject: webAddress }]);
  expect(problem).toBe(unreadable);
});

test("a noise rule covers a device by its key", async () => {
  const rule: NoiseRule = { resource: vmType, attribute: "usb*", reason: "the UPS", expires: "2027-01-01" };
  const config = { 201: { ...attached, usb1: "host=0764:0501" }, 202: {} };
  const { findings } = await inspect(config, { noise: [rule] });
  expect(findings).toMatchObject([
    { verdict: "outside", changes: [{ path: "scsi5" }], detail: expect.not.stringContaining("usb1") },
    { verdict: "noise", changes: [{ path: "usb1" }], reason: expect.stringContaining("the UPS") },
  ]);
});
