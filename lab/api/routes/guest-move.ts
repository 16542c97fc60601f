import { volidOf } from "../../config/drive.ts";
import { diskKey, mountKey } from "../../config/keys.ts";
import { parseProperties, printProperties } from "../../config/property-string.ts";
import { hasFault } from "../../core.ts";
import { powerOff, powerOn } from "../../guest.ts";
import {
  allocateVolume,
  findVolume,
  onNode,
  removeVolume,
  storageOf,
  volumesOfGuest,
} from "../../volumes.ts";
import type { Guest, GuestKind } from "../../world.ts";
import { failure } from "../errors.ts";
import { guestOf, requireUnlocked, startTask } from "../guests.ts";
import { type Call, type Route, requirePrivileges } from "../route.ts";

/** Moving a disk to another storage, and a guest to another node. */
export function guestMoveRoutes(kind: GuestKind): readonly Route[] {
  const base = `nodes/{node}/${kind}/{vmid}`;
  return [
    {
      method: "POST",
      path: `${base}/${kind === "qemu" ? "move_disk" : "move_volume"}`,
      permission: { at: "/vms/{vmid}", all: ["VM.Config.Disk"] },
      handle: (call) => moveDisk(call, guestOf(call, kind)),
    },
    {
      method: "GET",
      path: `${base}/migrate`,
      permission: { at: "/vms/{vmid}", all: ["VM.Migrate"] },
      handle(call) {
        const guest = guestOf(call, kind);
        return {
          running: guest.status === "running" ? 1 : 0,
          allowed_nodes: otherNodes(call, guest),
          local_disks: [],
          local_resources: [],
        };
      },
    },
    {
      method: "POST",
      path: `${base}/migrate`,
      permission: { at: "/vms/{vmid}", all: ["VM.Migrate"] },
      handle: (call) => migrate(call, guestOf(call, kind)),
    },
  ];
}

function moveDisk(call: Call, guest: Guest): string {
  const { world, now } = call.lab;
  requireUnlocked(call, guest);
  const disk = call.input.required(guest.kind === "qemu" ? "disk" : "volume");
  const storage = call.input.required("storage");
  requirePrivileges(call, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
  storageOf(world, storage);
  const text = guest.config[disk];
  if (text === undefined || !(guest.kind === "qemu" ? diskKey : mountKey).test(disk)) {
    throw failure(`disk '${disk}' does not exist`);
  }
  const volid = volidOf(String(text));
  const source = volid === undefined ? undefined : findVolume(world, volid);
  if (!source) throw failure(`disk '${disk}' has no associated volume`);
  if (source.volid.startsWith(`${storage}:`))
    throw failure("you can't move to the same storage with same format");
  // Proxmox mirrors the disk while it is written to.
  if (call.lab.machines && guest.status === "running") {
    throw failure("the lab cannot move a disk of a running machine");
  }
  return startTask(call, guest.kind === "qemu" ? "qmmove" : "move_volume", guest.vmid, {
    lock: { guest, name: "disk" },
    async run(log) {
      const copy = allocateVolume(world, {
        storage,
        vmid: guest.vmid,
        content: guest.kind === "qemu" ? "images" : "rootdir",
        bytes: source.sizeBytes,
        format: call.input.text("format"),
        now: now(),
      });
      if (source.image !== undefined) copy.image = source.image;
      await call.lab.machines?.disks.copy(source.volid, copy.volid);
      const parts = parseProperties(String(guest.config[disk] ?? text), "file", ["volume"]);
      parts.set("file", copy.volid);
      guest.config[disk] = printProperties(parts, "file");
      if (call.input.flag("delete")) removeVolume(world, source.volid);
      else guest.config[freeUnused(guest)] = source.volid;
      log(`create full clone of drive ${disk} (${source.volid})`);
    },
  });
}

function freeUnused(guest: Guest): string {
  let number = 0;
  while (guest.config[`unused${number}`] !== undefined) number += 1;
  return `unused${number}`;
}

function otherNodes(call: Call, guest: Guest): string[] {
  return Object.keys(call.lab.world.nodes).filter((name) => name !== guest.node);
}

function migrate(call: Call, guest: Guest): string {
  const { world, now } = call.lab;
  const target = call.input.required("target");
  requireUnlocked(call, guest);
  if (target === guest.node) throw failure("target is local node.");
  if (!world.nodes[target] || hasFault(world, "node-offline", target)) {
    throw failure(`node '${target}' is not online`);
  }
  const running = guest.status === "running";
  if (running && guest.kind === "lxc" && !call.input.flag("restart")) {
    throw failure("lxc live migration is currently not implemented");
  }
  if (running && guest.kind === "qemu" && !call.input.flag("online")) {
    throw failure("can't migrate running VM without --online");
  }
  for (const volume of volumesOfGuest(world, guest.vmid)) {
    const storage = storageOf(world, volume.volid.split(":")[0] ?? "");
    if (!onNode(storage, target)) {
      throw failure(`storage '${storage.storage}' is not available on node '${target}'`);
    }
  }
  return startTask(call, guest.kind === "qemu" ? "qmigrate" : "vzmigrate", guest.vmid, {
    lock: { guest, name: "migrate" },
    run() {
      guest.node = target;
      if (running && guest.kind === "lxc") {
        powerOff(guest);
        powerOn(guest, now());
      }
    },
  });
}
