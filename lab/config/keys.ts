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
