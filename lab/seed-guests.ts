import { gibibyte } from "./config/size.ts";
import { newGuest, newIdentity, newMac, powerOn } from "./guest.ts";
import { allocateVolume } from "./volumes.ts";
import type { Guest, World } from "./world.ts";

/** vmid of the first extra guest. */
const firstVmid = 10_001;

interface Order {
  world: World;
  vmid: number;
  node: string;
  name: string;
  address: string;
  keys: readonly string[];
  now: number;
}

/**
 * Adds running guests `web-001`, `web-002`, … that Terraform does not know, three VMs to one container, spread
 * over the nodes, with an address each; `keys` may log in. Those that are there already are left alone.
 */
export function addExtraGuests(world: World, count: number, now: number, keys: readonly string[] = []): void {
  const nodes = Object.keys(world.nodes);
  for (let index = 1; index <= count; index += 1) {
    const vmid = firstVmid + index - 1;
    if (world.guests[vmid]) continue;
    const order: Order = {
      world,
      vmid,
      node: nodes[index % nodes.length] ?? "pve1",
      name: `web-${String(index).padStart(3, "0")}`,
      // The low networks are left to declared guests.
      address: `127.20.${(index >> 8) & 255}.${index & 255}/8`,
      keys,
      now,
    };
    const guest = index % 4 === 0 ? container(order) : machine(order);
    powerOn(guest, now - (3600 + index * 60) * 1000);
    world.guests[vmid] = guest;
  }
}

function machine({ world, vmid, node, name, address, keys, now }: Order): Guest {
  const disk = { storage: "local-lvm", vmid, content: "images", bytes: 16 * gibibyte, now } as const;
  return newGuest(vmid, node, "qemu", {
    ...newIdentity(now),
    agent: "1",
    boot: "order=scsi0",
    ciuser: "debian",
    cores: 1 + (vmid % 4),
    ipconfig0: `ip=${address}`,
    memory: String(1024 * (1 + (vmid % 4))),
    name,
    net0: `virtio=${newMac()},bridge=vmbr0`,
    onboot: 1,
    ostype: "l26",
    scsi0: `${allocateVolume(world, disk).volid},size=16G`,
    scsihw: "virtio-scsi-single",
    sockets: 1,
    tags: vmid % 2 === 0 ? "docker;web" : "web",
    ...(keys.length > 0 && { sshkeys: encodeURIComponent(keys.join("\n")) }),
  });
}

function container({ world, vmid, node, name, address, keys, now }: Order): Guest {
  const disk = { storage: "local-lvm", vmid, content: "rootdir", bytes: 8 * gibibyte, now } as const;
  const guest = newGuest(vmid, node, "lxc", {
    arch: "amd64",
    cores: 1,
    hostname: name,
    memory: 512,
    net0: `name=eth0,bridge=vmbr0,hwaddr=${newMac()},ip=${address},type=veth`,
    onboot: 1,
    ostype: "debian",
    rootfs: `${allocateVolume(world, disk).volid},size=8G`,
    swap: 512,
    tags: "web",
    unprivileged: 1,
  });
  if (keys.length > 0) guest.inside.files["/root/.ssh/authorized_keys"] = `${keys.join("\n")}\n`;
  return guest;
}
