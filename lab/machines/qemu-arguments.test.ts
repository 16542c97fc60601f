import { expect, test } from "vitest";
import { newGuest } from "../guest.ts";
import type { ConfigValue } from "../world.ts";
import { type Hardware, qemuArguments } from "./qemu-arguments.ts";

const image = {
  disk: "/image/disk.raw",
  format: "raw",
  kernel: { vmlinuz: "/image/vmlinuz", initrd: "/image/initrd.img" },
} as const;

const hardware: Hardware = {
  acceleration: "tcg",
  image,
  disks: [{ key: "scsi0", path: "/lab/a,b.qcow2", ownImage: true }],
  cloudInit: "/lab/cidata.iso",
  console: "/lab/console.log",
};

const line = (config: Record<string, ConfigValue>, change: Partial<Hardware> = {}) =>
  qemuArguments(newGuest(101, "pve1", "qemu", config), { ...hardware, ...change }).join(" ");

test("processors, memory and cards are those of the configuration", () => {
  const net0 = "virtio=BC:24:11:00:00:01,bridge=vmbr0";
  const args = line({ name: "web", cores: 2, sockets: 2, memory: "1536", net0, net1: `${net0},tag=5` });
  expect(args).toContain("-smp 4 -m 1536");
  expect(args).toContain("-netdev tap,id=net0,ifname=tap101i0,script=no,downscript=no");
  expect(args).toContain("virtio-net-pci,netdev=net0,mac=bc:24:11:00:00:01,romfile=");
  expect(args).toContain("ifname=tap101i1");
  expect(line({ memory: "current=2048" })).toContain("-smp 1 -m 2048");
});

test("the agent's port is there where the configuration has an agent", () => {
  for (const agent of ["1", "enabled=1,fstrim_cloned_disks=0,type=virtio"]) {
    expect(line({ agent })).toContain("name=org.qemu.guest_agent.0");
  }
  expect(line({ agent: "enabled=0" })).not.toContain("guest_agent");
  expect(line({})).not.toContain("guest_agent");
});

test("the lab's own image is booted with its kernel, another one by its boot loader", () => {
  expect(line({})).toContain("-kernel /image/vmlinuz -initrd /image/initrd.img -append root=LABEL=root");
  const disks = [{ key: "scsi0", path: "/lab/disk.qcow2", ownImage: false }];
  expect(line({}, { disks })).not.toContain("-kernel");
});

test("disks are on the controller of their key, in the order of booting; a comma in a path is doubled", () => {
  const data = { key: "virtio1", path: "/lab/data.qcow2", ownImage: false };
  const args = line({}, { disks: [...hardware.disks, data] });
  expect(args).toContain("file=/lab/a,,b.qcow2,format=qcow2,if=none,id=scsi0");
  expect(args).toContain("scsi-hd,bus=scsi.0,drive=scsi0,bootindex=1");
  expect(args).toContain("virtio-blk-pci,drive=virtio1,bootindex=2");
  expect(line({}, { cloudInit: undefined })).not.toContain("cloudinit");
});
