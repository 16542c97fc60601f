import { expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import { Problem } from "../model/problem.ts";
import type { GuestPlace } from "../plan/guest-place.ts";
import { entry, planJson, threeWay, vmValues } from "../plan/plan.test-helper.ts";
import { readPlan } from "../plan/plan-json.ts";
import type { GuestConfig } from "../plan/undeclared.ts";
import { deviceLosses } from "./device-losses.ts";

const scsi0 = { interface: "scsi0", size: 20 };
const config: GuestConfig = {
  scsi0: "local-lvm:vm-201-disk-0,size=20G",
  scsi5: "local-lvm:vm-201-disk-3,size=8G",
  net1: "virtio=BC:24:11:00:00:01,bridge=vmbr0",
  unused0: "local-lvm:vm-201-disk-4",
};

/** Keys that are lost, and who was asked for. */
async function losses(json: JsonObject, found: GuestConfig = config) {
  const asked: GuestPlace[] = [];
  const forecast = await deviceLosses(readPlan(json), async (guest) => {
    asked.push(guest);
    return found;
  });
  return { keys: forecast.flatMap(({ devices }) => devices?.map(({ key }) => key)), asked, forecast };
}

const update = (wanted: JsonObject, found: JsonObject = {}, state: JsonObject = found) =>
  threeWay({ state: vmValues(state), found: vmValues(found), wanted: vmValues(wanted) });

test("a change of one disk takes the others; the guest is named, and why", async () => {
  const { forecast, asked } = await losses(update({ disk: [{ ...scsi0, size: 30 }] }));
  expect(asked).toEqual([{ type: "vm", vmid: 201, node: "pve1" }]);
  expect(forecast).toMatchObject([
    {
      effect: "loses-device",
      kind: "vm",
      guest: "web",
      vmid: 201,
      causes: ["disk"],
      fate: "detached",
      devices: [{ key: "scsi5", value: "local-lvm:vm-201-disk-3, 8G" }],
    },
  ]);
});

test.each<[string, JsonObject]>([
  ["in place", { name: "other", memory: [{ dedicated: 4096 }] }],
  ["that keeps devices", { efi_disk: [{ type: "4m" }], cdrom: [{ interface: "ide3" }] }],
])("of a change %s no guest is asked", async (_, wanted) => {
  expect(await losses(update(wanted))).toMatchObject({ keys: [], asked: [] });
});

test("what was found by the refresh is as undeclared as what it hides", async () => {
  const card = { model: "virtio", bridge: "vmbr0" };
  const json = update(
    { network_device: [card] },
    { network_device: [card, card] },
    { network_device: [card] },
  );
  expect((await losses(json)).keys).toEqual(["net1"]);
});

test("what was declared and applied may go; what the code has by now is not lost", async () => {
  const disks = [scsi0, { interface: "scsi5", size: 8 }];
  expect((await losses(update({ disk: [scsi0] }, { disk: disks }))).keys).toEqual([]);
  expect((await losses(update({ disk: disks }))).keys).toEqual([]);
});

test("a disk of the boot order is not lost: the provider refuses", async () => {
  const json = update({ disk: [{ ...scsi0, size: 30 }], boot_order: ["scsi5"] });
  expect((await losses(json)).keys).toEqual([]);
});

test.each([
  ["hostpci0", "0000:01:00", true],
  ["hostpci0", "host=0000:01:00,pcie=1", true],
  ["hostpci0", "mapping=gpu,pcie=1", false],
  ["usb1", "host=1234:5678", true],
  ["usb1", "host=spice,usb3=1", false],
  ["usb1", "mapping=dongle", false],
  ["serial1", "/dev/ttyS0", true],
])("%s: %s is refused, because no token may remove it: %s", async (key, value, refused) => {
  const json = update({
    hostpci: [{ device: "hostpci3", mapping: "nic" }],
    usb: [{ mapping: "nic" }],
    serial_device: [{ device: "socket" }],
  });
  const { forecast } = await losses(json, { [key]: value });
  expect(forecast).toMatchObject([
    refused
      ? { effect: "refused", causes: [key], node: "pve1", vmid: 201, devices: [{ key }] }
      : { effect: "loses-device", devices: [{ key }] },
  ]);
});

test("destroying a guest is not refused for a device that only root may remove", async () => {
  const json = planJson({ changes: [entry({ actions: ["delete"], before: vmValues() })] });
  expect((await losses(json, { hostpci0: "0000:01:00" })).forecast).toMatchObject([
    { effect: "loses-device", devices: [{ key: "hostpci0" }] },
  ]);
});

test("a guest that is adopted has nothing declared but what the code says", async () => {
  const before = vmValues({ disk: [scsi0, { interface: "scsi5", size: 8 }] });
  const adopted = entry({ actions: ["update"], before, after: vmValues(), importing: { id: "pve1/201" } });
  expect((await losses(planJson({ changes: [adopted] }))).keys).toEqual(["scsi5"]);
});

test.each([
  ["replaced", ["delete", "create"]],
  ["destroyed", ["delete"]],
])("a guest that is %s loses all, also what the code has by now", async (_, actions) => {
  const after = actions.includes("create")
    ? vmValues({ disk: [scsi0, { interface: "scsi5", size: 8 }] })
    : null;
  const json = planJson({ changes: [entry({ actions, before: vmValues(), after })] });
  expect(await losses(json)).toMatchObject({
    keys: ["scsi5", "net1", "unused0"],
    forecast: [{ fate: "destroyed" }],
  });
});

test("created, forgotten, unchanged, or no guest: no guest is asked", async () => {
  const changes = [
    entry({ actions: ["create"], after: vmValues() }),
    entry({ actions: ["forget"], before: vmValues() }),
    entry({ actions: ["no-op"], before: vmValues(), after: vmValues() }),
    entry({ actions: ["delete"], type: "proxmox_backup_job", before: vmValues() }),
  ];
  expect(await losses(planJson({ changes }))).toMatchObject({ keys: [], asked: [] });
});

test("a guest that cannot be read is a Problem, and never nothing", async () => {
  const problem = new Problem({ kind: "undetermined", code: "proxmox-forbidden", message: "no" });
  const json = update({ disk: [{ ...scsi0, size: 30 }] });
  await expect(deviceLosses(readPlan(json), () => Promise.reject(problem))).rejects.toBe(problem);
});
