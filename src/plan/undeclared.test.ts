import { expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import { deviceBlocksOf } from "./device-blocks.ts";
import { placeOf } from "./guest-place.ts";
import { type GuestConfig, undeclaredDevices } from "./undeclared.ts";

const vm = "proxmox_virtual_environment_vm";
const container = "proxmox_virtual_environment_container";

const keys = (type: string, config: GuestConfig, ...sides: JsonObject[]) =>
  undeclaredDevices(type, config, sides).map(({ key }) => key);

test.each<[string, string, string, JsonObject]>([
  [vm, "scsi1", "local-lvm:vm-1-disk-1,size=8G", { disk: [{ interface: "scsi0" }, { interface: "scsi1" }] }],
  [
    vm,
    "net1",
    "virtio=BC:24:11:00:00:01,bridge=vmbr0",
    { network_device: [{ model: "virtio" }, { model: "e1000" }] },
  ],
  [vm, "hostpci3", "0000:01:00", { hostpci: [{ device: "hostpci3" }] }],
  [vm, "usb0", "host=1234:5678", { usb: [{ host: "1234:5678" }] }],
  [vm, "serial1", "/dev/ttyS0", { serial_device: [{ device: "socket" }, { device: "/dev/ttyS0" }] }],
  [vm, "virtiofs0", "share", { virtiofs: [{ mapping: "share" }] }],
  [vm, "numa1", "cpus=0,memory=512", { numa: [{ device: "numa1" }] }],
  [vm, "audio0", "device=intel-hda", { audio_device: [{ device: "intel-hda" }] }],
  [vm, "watchdog", "model=i6300esb", { watchdog: [{ enabled: true }] }],
  [vm, "tpmstate0", "local-lvm:vm-1-disk-2,version=v2.0", { tpm_state: [{ version: "v2.0" }] }],
  [container, "net0", "name=eth0,bridge=vmbr0", { network_interface: [{ name: "eth0" }] }],
  [container, "mp0", "local-lvm:vm-1-disk-1,mp=/srv", { mount_point: [{ path: "/srv" }] }],
  [container, "dev0", "/dev/ttyUSB0", { device_passthrough: [{ path: "/dev/ttyUSB0" }] }],
])("%s: %s is undeclared, unless state or code has it", (type, key, value, declaring) => {
  const empty = Object.fromEntries(Object.keys(declaring).map((block) => [block, []]));
  expect(keys(type, { [key]: value })).toEqual([key]);
  expect(keys(type, { [key]: value }, empty, { name: "web" })).toEqual([key]);
  expect(keys(type, { [key]: value }, empty, declaring)).toEqual([]);
  expect(keys(type, { [key]: value }, declaring, empty)).toEqual([]);
});

test("every block of the table is tried above, or has no attribute", () => {
  const blocks = [vm, container].flatMap(deviceBlocksOf);
  expect(blocks.filter(({ block }) => block !== undefined)).toHaveLength(13);
  expect(blocks.filter(({ block }) => block === undefined).map(({ keys }) => keys.source)).toEqual([
    "^unused\\d+$",
    "^unused\\d+$",
  ]);
});

test("what is not a device of its own, and what the provider does not touch, is never reported", () => {
  const config = {
    ide0: "local-lvm:vm-201-cloudinit,size=4M",
    ide2: "local-lvm:vm-201-cloudinit,media=cdrom",
    ide3: "local:iso/debian.iso,media=cdrom",
    sata1: "none,media=cdrom",
    sata2: "local:201/vm-201-cloudinit.qcow2",
    serial0: "socket",
    efidisk0: "local-lvm:vm-201-disk-1,size=4M",
    rng0: "source=/dev/urandom",
    parallel0: "/dev/parport0",
    ipconfig0: "ip=dhcp",
    scsihw: "virtio-scsi-single",
    vga: "serial0",
    memory: 2048,
  };
  expect(keys(vm, config)).toEqual([]);
  expect(keys(container, { rootfs: "local-lvm:vm-1-disk-0,size=8G", features: "nesting=1" })).toEqual([]);
  expect(keys("proxmox_virtual_environment_file", { scsi5: "local-lvm:vm-1-disk-0" })).toEqual([]);
});

test("an element that only fills a gap, and a watchdog that is off, declare nothing", () => {
  const config = { net0: "virtio", net1: "virtio", serial1: "/dev/ttyS0", watchdog: "model=i6300esb" };
  const values = {
    network_device: [{ model: "virtio" }, { model: null, bridge: null }],
    serial_device: [{ device: "socket" }, { device: "" }],
    watchdog: [{ enabled: false, model: "i6300esb" }],
  };
  expect(keys(vm, config, values)).toEqual(["net1", "serial1", "watchdog"]);
});

test("in the order of their numbers, with what distinguishes them", () => {
  const config = {
    scsi10: "local-lvm:vm-1-disk-3,discard=on,iothread=1,size=8G",
    scsi9: "/dev/disk/by-id/ata-X",
    net1: "virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1,tag=20",
    unused0: "local-lvm:vm-1-disk-4",
  };
  expect(undeclaredDevices(vm, config, []).map(({ key, value }) => `${key}: ${value}`)).toEqual([
    "scsi9: /dev/disk/by-id/ata-X",
    "scsi10: local-lvm:vm-1-disk-3, 8G",
    "net1: virtio=BC:24:11:00:00:01, bridge=vmbr0, tag=20",
    "unused0: local-lvm:vm-1-disk-4",
  ]);
});

test("where a guest is", () => {
  expect(placeOf(vm, { vm_id: 201, node_name: "pve1" })).toEqual({ type: "vm", vmid: 201, node: "pve1" });
  expect(placeOf(container, { id: "203", node_name: "pve2" })).toEqual({
    type: "lxc",
    vmid: 203,
    node: "pve2",
  });
  expect(placeOf(vm, { node_name: "pve1" })).toBeUndefined();
  expect(placeOf("proxmox_backup_job", { id: "7", node_name: "pve1" })).toBeUndefined();
});
