import { isCloudInitDrive, volidOf } from "../../config/drive.ts";
import { diskKey, mountKey, netKey } from "../../config/keys.ts";
import { parseProperties, printProperties } from "../../config/property-string.ts";
import { parseSize } from "../../config/size.ts";
import { newGuest, newInside, powerOn, withNewMac } from "../../guest.ts";
import {
  allocateVolume,
  findVolume,
  removeVolume,
  splitVolid,
  storageOf,
  volumesOfGuest,
} from "../../volumes.ts";
import type { Guest, GuestKind, Volume } from "../../world.ts";
import { failure } from "../errors.ts";
import { kindNames, startTask, vmidParameter } from "../guests.ts";
import { allowed, type Call, requirePrivileges } from "../route.ts";

/**
 * Restores a guest from a backup archive, over an existing one only with `force`. Returns the UPID.
 * Source: PVE::API2::Qemu create with `archive`, PVE::API2::LXC create with `restore`.
 */
export function restoreGuest(call: Call, kind: GuestKind, volid: string): string {
  const { world, now } = call.lab;
  const vmid = vmidParameter(call, "vmid");
  const name = kindNames[kind];
  const existing = world.guests[vmid];
  checkRestorePrivileges(call, vmid, existing);
  const archive = findVolume(world, volid);
  if (archive?.content !== "backup" || !archive.config) throw failure(`volume '${volid}' does not exist`);
  if (existing && !call.input.flag("force")) {
    throw failure(
      `unable to restore ${name} ${vmid} - ${name} ${vmid} already exists on node '${existing.node}'`,
    );
  }
  if (existing && existing.kind !== kind) throw failure(`vmid ${vmid} is used by another kind of guest`);
  if (existing?.status === "running") {
    throw failure(
      `unable to restore ${name} ${vmid} - ${kind === "qemu" ? "vm is running" : "CT is running"}`,
    );
  }
  if (existing?.lock) throw failure(`${name} is locked (${existing.lock})`);
  const guest = existing ?? newGuest(vmid, call.path.node ?? "", kind);
  const pool = call.input.text("pool");
  if (pool !== undefined) guest.pool = pool;
  world.guests[vmid] = guest;
  return startTask(call, kind === "qemu" ? "qmrestore" : "vzrestore", vmid, {
    lock: { guest, name: "create" },
    async run(log) {
      log(`restore from '${archive.volid}'`);
      for (const volume of volumesOfGuest(world, vmid)) removeVolume(world, volume.volid);
      unpack(call, guest, archive);
      await call.lab.machines?.disks.restore(guest, archive.config ?? {}, archive.volid);
      guest.inside = archive.inside ? structuredClone(archive.inside) : newInside(kind, guest.config);
      if (call.input.flag("start")) powerOn(guest, now());
    },
    undo() {
      if (!existing) delete world.guests[vmid];
    },
  });
}

// VM.Allocate for a new guest; VM.Backup is enough to restore over an existing one.
function checkRestorePrivileges(call: Call, vmid: number, existing: Guest | undefined): void {
  const overwrite = existing !== undefined && call.input.flag("force");
  if (!overwrite || !allowed(call, `/vms/${vmid}`, ["VM.Backup"])) {
    requirePrivileges(call, `/vms/${vmid}`, ["VM.Allocate"]);
  }
}

function unpack(call: Call, guest: Guest, archive: Volume): void {
  const { world, now } = call.lab;
  const isDisk = guest.kind === "qemu" ? diskKey : mountKey;
  guest.config = { ...archive.config };
  for (const [key, value] of Object.entries(guest.config)) {
    const text = String(value);
    if (netKey.test(key) && call.input.flag("unique")) guest.config[key] = withNewMac(guest.kind, text);
    const volid = isDisk.test(key) ? volidOf(text) : undefined;
    if (volid === undefined || (/media=cdrom/.test(text) && !isCloudInitDrive(text))) continue;
    const storage = call.input.text("storage") ?? splitVolid(volid).storage;
    storageOf(world, storage);
    const parts = parseProperties(text, "file", ["volume"]);
    const volume = allocateVolume(world, {
      storage,
      vmid: guest.vmid,
      content: guest.kind === "qemu" ? "images" : "rootdir",
      bytes: parseSize(parts.get("size") ?? "") ?? 0,
      ...(isCloudInitDrive(text) && { name: "cloudinit" as const }),
      now: now(),
    });
    parts.set("file", volume.volid);
    guest.config[key] = printProperties(parts, "file");
  }
}
