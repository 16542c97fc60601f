import { series, vm } from "../../series.ts";

// A list of what is watched: lists of what is not miss squashfs, iso9660 (the cloud-init drive), fuse and network mounts.
export const watched = 'fstype=~"ext.*|xfs|btrfs|zfs|vfat"';

/** A filesystem that was mounted read-only is full on purpose. */
export const writable = "and on (instance, device, mountpoint) node_filesystem_readonly == 0";

export const root = { ...vm, device: "/dev/sda1", fstype: "ext4", mountpoint: "/" } as const;

/** A filesystem of 1000 bytes. */
export function filesystem(available: number, labels: Readonly<Record<string, string>> = root, readonly = 0) {
  return {
    [series("node_filesystem_avail_bytes", labels)]: `${available}x30`,
    [series("node_filesystem_size_bytes", labels)]: "1000x30",
    [series("node_filesystem_readonly", labels)]: `${readonly}x30`,
  };
}
