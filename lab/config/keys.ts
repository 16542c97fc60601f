import type { Privilege } from "../api/privileges.ts";
import type { ConfigValue, GuestKind } from "../world.ts";

// Returned as JSON numbers; everything else is a string. Source: confdesc of PVE::QemuServer and PVE::LXC::Config.
const numberKeys: Record<GuestKind, RegExp> = {
  qemu: /^(acpi|autostart|balloon|ciupgrade|cores|cpulimit|cpuunits|freeze|kvm|localtime|migrate_downtime|migrate_speed|numa|onboot|protection|reboot|shares|sockets|tablet|tdf|template|vcpus)$/,
  lxc: /^(console|cores|cpulimit|cpuunits|debug|memory|onboot|protection|swap|template|tty|unprivileged)$/,
};

const booleanKeys =
  /^(acpi|autostart|ciupgrade|console|debug|freeze|kvm|localtime|numa|onboot|protection|reboot|tablet|tdf|template|unprivileged)$/;

/** Disk keys of a VM: their value names a volume. */
export const diskKey = /^(ide|sata|scsi|virtio)\d+$|^(efidisk|tpmstate)0$/;
/** Volumes of a container. */
export const mountKey = /^(rootfs|mp\d+)$/;
export const unusedKey = /^unused\d+$/;
export const netKey = /^net\d+$/;

/** What a stored value looks like: numbers where Proxmox gives numbers, booleans as 1 and 0. */
export function typedValue(kind: GuestKind, key: string, text: string): ConfigValue {
  if (booleanKeys.test(key)) return /^(1|on|yes|true)$/i.test(text) ? 1 : 0;
  return numberKeys[kind].test(key) && text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

const byPrivilege: Record<GuestKind, readonly (readonly [RegExp, readonly Privilege[]])[]> = {
  // Source: $check_vm_modify_config_perm in PVE::API2::Qemu.
  qemu: [
    [/^(affinity|cores|cpu|cpulimit|cpuunits|numa|numa\d+|smp|sockets|vcpus)$/, ["VM.Config.CPU"]],
    [/^(allow-ksm|balloon|hugepages|keephugepages|memory|shares)$/, ["VM.Config.Memory"]],
    [
      /^(acpi|audio0|hotplug|kvm|machine|rng0|scsihw|serial\d+|smbios1|tablet|vga|watchdog|usb\d+)$/,
      ["VM.Config.HWType"],
    ],
    [/^(boot|bootdisk|vmstatestorage|unused\d+)$/, ["VM.Config.Disk"]],
    [/^net\d+$/, ["VM.Config.Network"]],
    [/^(ci\w+|sshkeys|ipconfig\d+|nameserver|searchdomain)$/, ["VM.Config.Cloudinit", "VM.Config.Network"]],
    [/^freeze$/, ["VM.PowerMgmt"]],
  ],
  // Source: check_ct_modify_config_perm in PVE::LXC.
  lxc: [
    [/^(cores|cpuunits|cpulimit)$/, ["VM.Config.CPU"]],
    [/^(memory|swap)$/, ["VM.Config.Memory"]],
    [/^(rootfs|mp\d+|unused\d+)$/, ["VM.Config.Disk"]],
    [/^(net\d+|nameserver|searchdomain|hostname)$/, ["VM.Config.Network"]],
    [/^features$/, ["VM.Allocate"]],
  ],
};

/** The privileges of which one is needed on the guest to change a key. */
export function privilegesForKey(kind: GuestKind, key: string, value: string): readonly Privilege[] {
  if (kind === "qemu" && diskKey.test(key)) {
    if (/:cloudinit\b/.test(value)) return ["VM.Config.Disk", "VM.Config.Cloudinit", "VM.Config.CDROM"];
    return [/media=cdrom/.test(value) ? "VM.Config.CDROM" : "VM.Config.Disk"];
  }
  const found = byPrivilege[kind].find(([pattern]) => pattern.test(key));
  return found ? found[1] : ["VM.Config.Options"];
}
