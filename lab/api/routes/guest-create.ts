import { callParameters, setConfig } from "../../config/apply.ts";
import { requireBindSources } from "../../config/bind-mounts.ts";
import { newGuest, newIdentity, newInside, powerOn } from "../../guest.ts";
import { findVolume, removeVolume, splitVolid, volumesOfGuest } from "../../volumes.ts";
import type { Guest, GuestKind } from "../../world.ts";
import { failure } from "../errors.ts";
import {
  kindNames,
  requireAllocate,
  requireFreeId,
  startTask,
  verifyParameters,
  vmidParameter,
} from "../guests.ts";
import { requireOnGuest } from "../key-owner.ts";
import { requireKey } from "../key-permissions.ts";
import { type Call, type Route, requirePrivileges } from "../route.ts";
import { requireVolume } from "../volume-access.ts";
import { restoreGuest } from "./guest-restore.ts";

/** Creation of one kind of guest; with a backup archive it is a restore. */
export function guestCreateRoutes(kind: GuestKind): readonly Route[] {
  return [
    {
      method: "POST",
      path: `nodes/{node}/${kind}`,
      permission: "user",
      handle(call) {
        verifyParameters(call, kind, "create");
        const restore = kind === "qemu" ? call.input.text("archive") : undefined;
        if (restore !== undefined) return restoreGuest(call, kind, restore);
        if (kind === "lxc" && call.input.flag("restore")) {
          return restoreGuest(call, kind, call.input.required("ostemplate"));
        }
        return create(call, kind);
      },
    },
  ];
}

function create(call: Call, kind: GuestKind): string {
  const { world, now } = call.lab;
  const vmid = vmidParameter(call, "vmid");
  const pool = call.input.text("pool");
  requireAllocate(call, vmid, pool);
  for (const name of ["force", "unique"] as const) {
    if (call.input.flag(name)) throw failure(`the property '${name}' requires a backup archive`);
  }
  const changes = kind === "qemu" ? machineConfig(call) : containerConfig(call);
  const owner = { vmid, kind, ...(pool !== undefined && { pool }) };
  if (kind === "qemu" && call.input.flag("start")) requireOnGuest(call, owner, ["VM.PowerMgmt"]);
  for (const [key, value] of sent(call)) {
    if (!callParameters.has(key)) requireKey(call, owner, key, value);
  }
  if (kind === "lxc") requireTemplate(call, vmid);
  requireFreeId(call, vmid);
  if (pool !== undefined && !world.pools[pool]) throw failure(`no such pool '${pool}'`);
  const guest = newGuest(vmid, call.path.node ?? "", kind);
  if (pool !== undefined) guest.pool = pool;
  const left = world.firewall.withoutGuest?.[vmid];
  if (left) guest.firewall = left;
  delete world.firewall.withoutGuest?.[vmid];
  world.guests[vmid] = guest;
  const name = kindNames[kind];
  return startTask(call, kind === "qemu" ? "qmcreate" : "vzcreate", vmid, {
    lock: { guest, name: "create" },
    run(log) {
      setConfig(world, guest, changes, now());
      requireBindSources(world, guest);
      guest.template = guest.config.template === 1;
      guest.inside = newInside(kind, guest.config);
      const keys = call.input.text("ssh-public-keys");
      if (keys !== undefined) guest.inside.files["/root/.ssh/authorized_keys"] = `${keys.trim()}\n`;
      log(`${name} ${vmid} created`);
      if (call.input.flag("start")) powerOn(guest, now());
    },
    undo: () => discard(call, guest),
  });
}

// The template, and the default storage where no root disk is named (PVE::API2::LXC, create_vm).
function requireTemplate(call: Call, vmid: number): void {
  const template = call.input.required("ostemplate");
  const volume = findVolume(call.lab.world, template);
  if (volume !== undefined) requireVolume(call, splitVolid(template).storage, volume, vmid);
  if (call.input.text("rootfs") !== undefined) return;
  const storage = call.input.text("storage") ?? "local";
  requirePrivileges(call, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
}

/** Takes back a guest whose creation failed, with what was allocated for it. */
function discard(call: Call, guest: Guest): void {
  for (const volume of volumesOfGuest(call.lab.world, guest.vmid)) removeVolume(call.lab.world, volume.volid);
  delete call.lab.world.guests[guest.vmid];
}

function sent(call: Call): [string, string][] {
  return call.input.entries().map(([key, values]) => [key, values.join("\0")]);
}

// What Proxmox adds to every new VM (PVE::API2::Qemu, create).
function machineConfig(call: Call): [string, string][] {
  const changes = new Map(sent(call));
  return Object.entries({ ...newIdentity(call.lab.now()), ...Object.fromEntries(changes) });
}

/** Size of a container's root disk where none is asked for, in GiB (PVE::API2::LXC). */
const defaultRootGibibytes = 4;

function containerConfig(call: Call): [string, string][] {
  const template = call.input.required("ostemplate");
  if (!findVolume(call.lab.world, template)) throw failure(`volume '${template}' does not exist`);
  const changes = new Map(sent(call));
  const defaults: Record<string, string> = {
    arch: "amd64",
    hostname: `CT${call.input.text("vmid")}`,
    memory: "512",
    swap: "512",
    ostype: /(?:^|[/:])(debian|ubuntu|alpine|fedora|archlinux|centos)/.exec(template)?.[1] ?? "unmanaged",
    rootfs: `${call.input.text("storage") ?? "local"}:${defaultRootGibibytes}`,
  };
  for (const [key, value] of Object.entries(defaults)) if (!changes.has(key)) changes.set(key, value);
  return [...changes];
}
