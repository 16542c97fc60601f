import { expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import { Problem } from "../model/problem.ts";
import { entry, planJson, vmValues } from "../plan/plan.test-helper.ts";
import { readPlan } from "../plan/plan-json.ts";
import type { GuestConfig } from "../plan/undeclared.ts";
import { inspectTemplates } from "./templates.ts";

const disk = "local-lvm:base-9000-disk-0,size=3G";

const create = (over: JsonObject = {}) =>
  entry({
    actions: ["create"],
    after: vmValues({ clone: [{ vm_id: 9000, node_name: null }], disk: [{ interface: "scsi0" }], ...over }),
  });

const inspect = (config: GuestConfig | Problem, ...changes: JsonObject[]) =>
  inspectTemplates(readPlan(planJson({ changes })), async () => {
    if (config instanceof Problem) throw config;
    return config;
  });

test.each<[string, GuestConfig]>([
  [
    "the boot order",
    { boot: "order=ide2;net0;virtio0;scsi0", virtio0: disk, scsi0: disk, ide2: "none,media=cdrom" },
  ],
  ["bootdisk", { bootdisk: "virtio0", virtio0: disk, scsi0: disk }],
  ["the only disk there is", { virtio0: disk, ide2: "local-lvm:vm-9000-cloudinit,media=cdrom" }],
  ["the first of several", { virtio0: disk, sata0: disk }],
])("a template that boots from virtio0 by %s, and a system disk at scsi1", async (_, config) => {
  await expect(inspect(config, create({ disk: [{ interface: "scsi1" }] }))).rejects.toMatchObject({
    kind: "configuration",
    code: "template-disk-interface",
    hint: expect.stringContaining('disk_interface = "virtio0"'),
  });
});

test("the interface that the template has, or no disk in the code: nothing to say", async () => {
  const config = { virtio0: disk, boot: "order=virtio0" };
  expect(await inspect(config, create({ disk: [{ interface: "virtio0" }] }))).toEqual([]);
  expect(await inspect(config, create({ disk: [] }))).toEqual([]);
  expect(await inspect({ scsihw: "virtio-scsi-single" }, create())).toEqual([]);
});

test("data disks that it brings are named", async () => {
  const config = {
    name: "debian",
    scsi0: disk,
    scsi1: "local-lvm:base-9000-disk-1,size=10G",
    boot: "order=scsi0",
  };
  const [note, ...more] = await inspect(config, create());
  expect(note).toContain("template 9000 (debian) brings scsi1 (local-lvm:base-9000-disk-1, 10G)");
  expect(more).toEqual([]);
  const declared = create({ disk: [{ interface: "scsi0" }, { interface: "scsi1" }] });
  expect(await inspect(config, declared)).toEqual([]);
});

test("only new clones are looked at, and no template that comes with the same plan", async () => {
  const unread = new Problem({ kind: "undetermined", code: "proxmox-forbidden", message: "no" });
  const values = vmValues({ clone: [{ vm_id: 9000 }] });
  const unchanged = entry({ actions: ["update"], before: values, after: { ...values, name: "x" } });
  const own = entry({
    address: "a.template",
    actions: ["create"],
    after: vmValues({ vm_id: 9000, clone: [] }),
  });
  expect(await inspect(unread, unchanged)).toEqual([]);
  expect(await inspect(unread, create(), own)).toEqual([]);
  await expect(inspect(unread, create())).rejects.toBe(unread);
});

test("a template that is not there is said before anything is begun", async () => {
  const gone = new Problem({ kind: "undetermined", code: "proxmox-not-found", message: "no" });
  await expect(inspect(gone, create())).rejects.toMatchObject({
    kind: "configuration",
    code: "template-not-found",
  });
});
