import { parseProperties } from "./config/property-string.ts";
import { parseSize } from "./config/size.ts";
import { type GuestMemo, type GuestSizes, memoOf } from "./guest-memo.ts";
import type { Guest } from "./world.ts";

/** A guest's sizes, parsed once; the same object comes back until the configuration says something else. */
export function guestSizes(guest: Guest, memo: GuestMemo = memoOf(guest)): GuestSizes {
  const { config } = guest;
  const { sockets, cores, vcpus, memory, boot } = config;
  if (
    memo.sizes !== undefined &&
    memo.disk !== undefined &&
    memo.diskText === config[memo.disk] &&
    memo.boot === boot &&
    memo.memory === memory &&
    memo.cores === cores &&
    memo.sockets === sockets &&
    memo.vcpus === vcpus
  ) {
    return memo.sizes;
  }
  const disk = guest.kind === "qemu" ? bootDisk(guest) : "rootfs";
  const diskText = disk === undefined ? undefined : config[disk];
  Object.assign(memo, { disk, diskText, boot, memory, cores, sockets, vcpus });
  memo.sizes = { maxcpu: cpuCount(guest), maxmem: memoryBytes(guest), maxdisk: diskBytes(guest, disk) };
  return memo.sizes;
}

function cpuCount(guest: Guest): number {
  const sockets = guest.kind === "qemu" ? Number(guest.config.sockets ?? 1) : 1;
  return Number(guest.config.vcpus ?? sockets * Number(guest.config.cores ?? 1));
}

function memoryBytes(guest: Guest): number {
  const text = String(guest.config.memory ?? 512);
  return Number(parseProperties(text, "current").get("current") ?? 512) * 1024 ** 2;
}

function diskBytes(guest: Guest, disk: string | undefined): number {
  const text = disk === undefined ? undefined : guest.config[disk];
  if (text === undefined) return 0;
  return parseSize(parseProperties(String(text), "file").get("size") ?? "") ?? 0;
}

// `order=scsi0;net0`: the first disk counts.
function bootDisk(guest: Guest): string | undefined {
  const named = /\b(?:scsi|virtio|sata|ide)\d+/.exec(String(guest.config.boot ?? ""))?.[0];
  return named ?? ["scsi0", "virtio0", "sata0", "ide0"].find((key) => guest.config[key] !== undefined);
}
