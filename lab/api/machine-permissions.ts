import { isCloudInitDrive } from "../config/drive.ts";
import { diskKey } from "../config/keys.ts";
import { parseProperties } from "../config/property-string.ts";
import { findVolume, splitVolid } from "../volumes.ts";
import { failure } from "./errors.ts";
import { type KeyOwner, requireOnGuest } from "./key-owner.ts";
import { passthroughKey, requirePassthrough } from "./passthrough-permissions.ts";
import type { Privilege } from "./privileges.ts";
import { type Call, requirePrivileges } from "./route.ts";
import { requireVolume } from "./volume-access.ts";

// Source: $cpuoptions … $cloudinitoptions and $check_vm_modify_config_perm in PVE::API2::Qemu.
const machineKeys: readonly (readonly [RegExp, readonly Privilege[]])[] = [
  [/^(cores|cpu|cpulimit|cpuunits|numa|numa\d+|smp|sockets|vcpus)$/, ["VM.Config.CPU"]],
  [/^(allow-ksm|balloon|memory|shares)$/, ["VM.Config.Memory"]],
  [/^(acpi|audio0|hotplug|kvm|machine|rng0|scsihw|smbios1|tablet|vga|watchdog)$/, ["VM.Config.HWType"]],
  [
    /^(agent|autostart|bios|description|keyboard|localtime|migrate_downtime|migrate_speed|name|onboot|ostype|protection|reboot|startdate|startup|tags|tdf|template)$/,
    ["VM.Config.Options"],
  ],
  [/^(boot|bootdisk|vmstatestorage|unused\d+)$/, ["VM.Config.Disk"]],
  [/^net\d+$/, ["VM.Config.Network"]],
  [
    /^(cicustom|cipassword|citype|ciuser|ciupgrade|ipconfig\d+|nameserver|searchdomain|sshkeys)$/,
    ["VM.Config.Cloudinit", "VM.Config.Network"],
  ],
  [/^freeze$/, ["VM.PowerMgmt"]],
];

/** One key of a VM; an empty value deletes it. @throws ApiError 403, and 500 `only root can set '…' config` */
export function requireMachineKey(call: Call, owner: KeyOwner, key: string, value: string): void {
  if (diskKey.test(key)) {
    requireDrive(call, owner, key, value);
    return;
  }
  if (passthroughKey.test(key)) {
    const before = owner.config?.[key];
    for (const one of [before === undefined ? "" : String(before), value].filter(Boolean)) {
      requirePassthrough(call, owner, key, one);
    }
    return;
  }
  const privileges = machineKeys.find(([pattern]) => pattern.test(key))?.[1];
  if (privileges === undefined) throw failure(`only root can set '${key}' config`);
  requireOnGuest(call, owner, privileges, true);
  // It changes how the node starts.
  if (key === "startup") requirePrivileges(call, "/", ["Sys.Modify"]);
}

// Changing a drive needs the privileges of what it was and of what it becomes ($check_drive_perms); while a VM is
// being made none is asked for but those on storages ($check_storage_access).
function requireDrive(call: Call, owner: KeyOwner, key: string, value: string): void {
  if (owner.config !== undefined) {
    const before = owner.config[key];
    for (const drive of [before === undefined ? "" : String(before), value].filter(Boolean)) {
      if (before !== undefined || value !== "") requireOnGuest(call, owner, drivePrivileges(drive));
    }
  }
  if (value !== "") requireStorage(call, owner, value);
}

function drivePrivileges(drive: string): readonly Privilege[] {
  if (/:cloudinit(,|$)/.test(drive) || isCloudInitDrive(drive)) {
    return ["VM.Config.Cloudinit", "VM.Config.CDROM"];
  }
  return [/media=cdrom/.test(drive) ? "VM.Config.CDROM" : "VM.Config.Disk"];
}

function requireStorage(call: Call, { vmid }: KeyOwner, text: string): void {
  const drive = parseProperties(text, "file", ["volume"]);
  const file = drive.get("file") ?? "";
  const allocated = /^([^:/]+):\d+(\.\d+)?$/.exec(file)?.[1];
  if (allocated !== undefined) requirePrivileges(call, `/storage/${allocated}`, ["Datastore.AllocateSpace"]);
  else if (file === "cdrom") requirePrivileges(call, "/", ["Sys.Console"]);
  else if (!/^none$|:cloudinit$/.test(file)) requireNamed(call, vmid, file);
  const source = drive.get("import-from");
  if (source === undefined) return;
  const owner = findVolume(call.lab.world, source);
  if (owner?.content === "images" && owner.vmid !== undefined) {
    requirePrivileges(call, `/vms/${owner.vmid}`, ["VM.Clone"]);
  } else requireNamed(call, vmid, source);
}

// A volume that is not there is refused later, by name.
function requireNamed(call: Call, vmid: number, volid: string): void {
  if (!volid.includes(":")) throw failure("Only root can pass arbitrary filesystem paths.");
  const volume = findVolume(call.lab.world, volid);
  if (volume !== undefined) requireVolume(call, splitVolid(volid).storage, volume, vmid);
}
