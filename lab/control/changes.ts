import { removeGuest } from "../api/routes/guest-destroy.ts";
import { deleteConfig, setConfig } from "../config/apply.ts";
import { netKey } from "../config/keys.ts";
import { gibibyte } from "../config/size.ts";
import { wrongConfig, wrongDeletion } from "../config/verify.ts";
import type { LabCore } from "../core.ts";
import {
  guestName,
  newGuest,
  newIdentity,
  newInside,
  newMac,
  powerOff,
  powerOn,
  withNewMac,
} from "../guest.ts";
import { allocateVolume } from "../volumes.ts";
import type { Guest, GuestKind } from "../world.ts";
import { ControlError } from "./context.ts";

/** A guest by vmid or name; undefined where there is none. @throws ControlError where several have the name. */
export function guestBy(lab: LabCore, id: string): Guest | undefined {
  if (lab.world.guests[id]) return lab.world.guests[id];
  const named = guestsNamed(lab, id);
  if (named.length < 2) return named[0];
  const list = named.map(({ vmid }) => vmid).join(", ");
  throw new ControlError(409, `${named.length} guests are named '${id}'; say which by number: ${list}`);
}

function guestsNamed(lab: LabCore, name: string): Guest[] {
  return Object.values(lab.world.guests).filter((guest) => guestName(guest) === name);
}

/** What a user might do to a guest in the web interface, all at once and without a task. */
export const guestChanges = {
  start: (lab: LabCore, guest: Guest) => powerOn(guest, lab.now()),
  stop: (_lab: LabCore, guest: Guest) => powerOff(guest),
  delete: (lab: LabCore, guest: Guest) => removeGuest(lab.world, guest, false),
  /** Destroyed and created again with the same settings: other UUIDs, MACs and host key, no files but the keys. */
  async recreate(lab: LabCore, guest: Guest) {
    powerOff(guest);
    await lab.machines?.follow();
    await lab.machines?.disks.empty(guest);
    if (guest.kind === "qemu") Object.assign(guest.config, newIdentity(lab.now()));
    for (const [key, value] of Object.entries(guest.config)) {
      if (netKey.test(key)) guest.config[key] = withNewMac(guest.kind, String(value));
    }
    const keys = Object.entries(guest.inside.files).filter(([path]) =>
      path.endsWith("/.ssh/authorized_keys"),
    );
    guest.inside = { ...newInside(guest.kind, guest.config), files: Object.fromEntries(keys) };
    guest.snapshots = {};
    powerOn(guest, lab.now());
  },
} as const;

/** Edits the configuration by hand; null or an empty text deletes a key. @throws ControlError as Proxmox refuses it */
export function editConfig(lab: LabCore, guest: Guest, changes: Record<string, string | null>): void {
  const entries = Object.entries(changes);
  const gone = entries.flatMap(([key, value]) => (value === null || value === "" ? [key] : []));
  const set = entries.filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== "");
  refuseWrong({ ...wrongDeletion(guest.kind, gone), ...wrongConfig(guest.kind, set) });
  deleteConfig(lab.world, guest, gone);
  setConfig(lab.world, guest, set, lab.now());
}

export interface UnmanagedRequest {
  vmid?: number;
  kind?: GuestKind;
  name?: string;
  node?: string;
  /** `ADDRESS/PREFIX`. */
  address?: string;
  tags?: string;
}

/**
 * Creates a running guest that is not declared.
 * @throws Error where the vmid or the name is taken, the node unknown, or Proxmox would refuse a value.
 */
export function createUnmanaged(lab: LabCore, request: UnmanagedRequest): Guest {
  const { world } = lab;
  const vmid = request.vmid ?? freeVmid(lab);
  if (!/^[1-9]\d{2,8}$/.test(String(vmid)))
    throw new Error(`'${vmid}' is no number of a guest, for example 100`);
  if (world.guests[vmid]) throw new Error(`VM ${vmid} already exists`);
  const node = request.node ?? Object.keys(world.nodes)[0] ?? "pve1";
  if (!world.nodes[node]) throw new Error(`no such node '${node}'`);
  const kind = request.kind ?? "qemu";
  const guest = newGuest(vmid, node, kind);
  const name = request.name ?? `unmanaged-${vmid}`;
  // Proxmox allows it; here it would make every later change by name ambiguous.
  const namesake = guestsNamed(lab, name)[0];
  if (namesake) throw new Error(`a guest named '${name}' is there already: ${namesake.vmid}`);
  const ip = request.address === undefined ? [] : [`ip=${request.address}`];
  refuseWrong(
    wrongConfig(kind, [
      [kind === "qemu" ? "name" : "hostname", name],
      ["tags", request.tags ?? ""],
    ]),
  );
  const volume = allocateVolume(world, {
    storage: "local-lvm",
    vmid,
    content: kind === "qemu" ? "images" : "rootdir",
    bytes: 8 * gibibyte,
    now: lab.now(),
  });
  const card = (parts: string[]) => parts.join(",");
  const config: Record<string, string> =
    kind === "qemu"
      ? {
          ...newIdentity(lab.now()),
          name,
          agent: "1",
          cores: "1",
          memory: "1024",
          onboot: "1",
          ostype: "l26",
          scsi0: volume.volid,
          net0: card([`virtio=${newMac()}`, "bridge=vmbr0"]),
          ...(ip.length > 0 && { ipconfig0: card(ip) }),
        }
      : {
          hostname: name,
          arch: "amd64",
          cores: "1",
          memory: "512",
          swap: "512",
          onboot: "1",
          ostype: "debian",
          rootfs: volume.volid,
          net0: card(["name=eth0", "bridge=vmbr0", ...ip]),
        };
  if (request.tags !== undefined) config.tags = request.tags;
  setConfig(world, guest, Object.entries(config), lab.now());
  world.guests[vmid] = guest;
  powerOn(guest, lab.now());
  return guest;
}

function refuseWrong(errors: Record<string, string> | undefined): void {
  const list = Object.entries(errors ?? {}).map(
    ([key, text]) => `${key}: ${text.trim().replaceAll("\n", ": ")}`,
  );
  if (list.length > 0) throw new ControlError(400, `Parameter verification failed. ${list.join("; ")}`);
}

function freeVmid(lab: LabCore): number {
  let vmid = 100;
  while (lab.world.guests[vmid]) vmid += 1;
  return vmid;
}
