import { gibibyte } from "./config/size.ts";
import { newGuest, newMac, powerOn } from "./guest.ts";
import { allocateVolume } from "./volumes.ts";
import type { Guest, World } from "./world.ts";

/** vmid of the first extra guest. */
const firstVmid = 10_001;

/**
 * Adds running guests `web-001`, `web-002`, … that Terraform does not know, three VMs to one container, spread
 * over the nodes, with an address each. Those that are there already are left alone.
 */
export function addExtraGuests(world: World, count: number, now: number): void {
  const nodes = Object.keys(world.nodes);
  for (let index = 1; index <= count; index += 1) {
    const vmid = firstVmid + index - 1;
    if (world.guests[vmid]) continue;
    const name = `web-${String(index).padStart(3, "0")}`;
    const node = nodes[index % nodes.length] ?? "pve1";
    const guest =
      index % 4 === 0 ? container(world, vmid, node, name, now) : machine(world, vmid, node, name, now);
    powerOn(guest, now - (3600 + index * 60) * 1000);
    world.guests[vmid] = guest;
  }
}

/** Address of the extra guest with this vmid; 127.20.0.0/16 leaves the low networks to declared guests. */
function addressOf(vmid: number): string {
  const index = vmid - firstVmid + 1;
  return `127.20.${(index >> 8) & 255}.${index & 255}`;
}

function machine(world: World, vmid: number, node: string, name: string, now: number): Guest {
  const volume = allocateVolume(world, {
    storage: "local-lvm",
    vmid,
    content: "images",
    bytes: 16 * gibibyte,
    now,
  });
  return newGuest(vmid, node, "qemu", {
    agent: "1",
    boot: "order=scsi0",
    ciuser: "debian",
    cores: 1 + (vmid % 4),
    ipconfig0: `ip=${addressOf(vmid)}/8`,
    memory: String(1024 * (1 + (vmid % 4))),
    name,
    net0: `virtio=${newMac()},bridge=vmbr0`,
    onboot: 1,
    ostype: "l26",
    scsi0: `${volume.volid},size=16G`,
    scsihw: "virtio-scsi-single",
    sockets: 1,
    tags: vmid % 2 === 0 ? "docker;web" : "web",
  });
}

function container(world: World, vmid: number, node: string, name: string, now: number): Guest {
  const volume = allocateVolume(world, {
    storage: "local-lvm",
    vmid,
    content: "rootdir",
    bytes: 8 * gibibyte,
    now,
  });
  const guest = newGuest(vmid, node, "lxc", {
    arch: "amd64",
    cores: 1,
    hostname: name,
    memory: 512,
    net0: `name=eth0,bridge=vmbr0,hwaddr=${newMac()},ip=${addressOf(vmid)}/8,type=veth`,
    onboot: 1,
    ostype: "debian",
    rootfs: `${volume.volid},size=8G`,
    swap: 512,
    tags: "web",
    unprivileged: 1,
  });
  return guest;
}
