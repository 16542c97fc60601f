import { mountType } from "../config/bind-mounts.ts";
import { diskKey, mountKey, netKey } from "../config/keys.ts";
import { parseProperties } from "../config/property-string.ts";
import type { Guest, GuestKind } from "../world.ts";
import { ApiError, failure } from "./errors.ts";
import { passthroughKey, requirePassthrough } from "./passthrough-permissions.ts";
import type { Privilege } from "./privileges.ts";
import { type Call, requirePrivileges } from "./route.ts";

// Source: $cpuoptions … $cloudinitoptions and $check_vm_modify_config_perm in PVE::API2::Qemu.
const machineKeys: readonly (readonly [RegExp, readonly Privilege[]])[] = [
  [/^(cores|cpu|cpulimit|cpuunits|numa|numa\d+|smp|sockets|vcpus)$/, ["VM.Config.CPU"]],
  [/^(allow-ksm|balloon|memory|shares)$/, ["VM.Config.Memory"]],
  [/^(acpi|audio0|hotplug|kvm|machine|rng0|scsihw|smbios1|tablet|vga|watchdog)$/, ["VM.Config.HWType"]],
  [
    /^(agent|autostart|bios|description|keyboard|localtime|meta|migrate_downtime|migrate_speed|name|onboot|ostype|protection|reboot|startdate|startup|tags|tdf|template|vmgenid)$/,
    ["VM.Config.Options"],
  ],
  [/^(boot|bootdisk|vmstatestorage|unused\d+)$/, ["VM.Config.Disk"]],
  [/^net\d+$/, ["VM.Config.Network"]],
  [/^(ci\w+|sshkeys|ipconfig\d+|nameserver|searchdomain)$/, ["VM.Config.Cloudinit", "VM.Config.Network"]],
  [/^freeze$/, ["VM.PowerMgmt"]],
];

// Source: check_ct_modify_config_perm in PVE::LXC.
const containerKeys: typeof machineKeys = [
  [/^(cores|cpuunits|cpulimit)$/, ["VM.Config.CPU"]],
  [/^(memory|swap)$/, ["VM.Config.Memory"]],
  [/^(rootfs|mp\d+|unused\d+)$/, ["VM.Config.Disk"]],
  [/^(net\d+|nameserver|searchdomain|hostname)$/, ["VM.Config.Network"]],
];

/**
 * Checks that the caller may set, or with an empty value delete, one configuration key. root@pam may set all;
 * a token, root's own included, may not set what only root@pam may.
 * @throws ApiError 403, and 500 `only root can set '…' config`
 */
export function requireKey(
  call: Call,
  guest: Pick<Guest, "vmid" | "kind">,
  key: string,
  value: string,
): void {
  if (call.who.name === "root@pam") return;
  const { vmid, kind } = guest;
  if (kind === "qemu" && passthroughKey.test(key)) {
    const device = value === "" ? call.lab.world.guests[vmid]?.config[key] : value;
    if (device !== undefined) requirePassthrough(call, vmid, key, String(device));
    return;
  }
  requirePrivileges(call, `/vms/${vmid}`, privilegesFor(call, guest, key, value), true);
  if (key === "startup" && kind === "qemu") requirePrivileges(call, "/", ["Sys.Modify"]);
  const storage = /(?:^|,)(?:file=|volume=)?([^:/,=]+):\d+(?:\.\d+)?(?:,|$)/.exec(value)?.[1];
  if (storage !== undefined && isVolume(kind, key)) {
    requirePrivileges(call, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
  }
  const bridge = netKey.test(key) ? parseProperties(value, "").get("bridge") : undefined;
  if (bridge !== undefined) requirePrivileges(call, `/sdn/zones/localnetwork/${bridge}`, ["SDN.Use"]);
}

function isVolume(kind: GuestKind, key: string): boolean {
  return (kind === "qemu" ? diskKey : mountKey).test(key);
}

function privilegesFor(
  call: Call,
  { kind, vmid }: Pick<Guest, "vmid" | "kind">,
  key: string,
  value: string,
): readonly Privilege[] {
  if (kind === "lxc") {
    requireContainerKey(call, vmid, key, value);
    return containerKeys.find(([pattern]) => pattern.test(key))?.[1] ?? ["VM.Config.Options"];
  }
  if (diskKey.test(key)) {
    if (/:cloudinit\b/.test(value)) return ["VM.Config.Disk", "VM.Config.Cloudinit", "VM.Config.CDROM"];
    return [/media=cdrom/.test(value) ? "VM.Config.CDROM" : "VM.Config.Disk"];
  }
  const found = machineKeys.find(([pattern]) => pattern.test(key));
  if (!found) throw failure(`only root can set '${key}' config`);
  return found[1];
}

function requireContainerKey(call: Call, vmid: number, key: string, value: string): void {
  if (key === "hookscript") throw rootOnly("changing the hookscript");
  if (/^dev\d+$/.test(key)) throw rootOnly("configuring device passthrough");
  const type = mountKey.test(key) ? mountType(value) : "volume";
  if (type !== "volume") throw rootOnly(`mount point type ${type}`);
  if (key !== "features") return;
  const before = call.lab.world.guests[vmid]?.config;
  const unprivileged = before?.unprivileged === 1 || call.input.flag("unprivileged") === true;
  if (!unprivileged) throw rootOnly("changing feature flags for privileged container");
  if (otherThanNesting(value) !== otherThanNesting(String(before?.features ?? ""))) {
    throw rootOnly("changing feature flags (except nesting)");
  }
}

function otherThanNesting(features: string): string {
  const parts = features.split(",").filter((part) => part !== "" && !part.startsWith("nesting="));
  return parts.sort().join(",");
}

function rootOnly(what: string): ApiError {
  return new ApiError(403, `Permission check failed (${what} is only allowed for root@pam)`);
}
