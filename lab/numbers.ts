import { parseProperties } from "./config/property-string.ts";
import { parseSize } from "./config/size.ts";
import { hasFault } from "./core.ts";
import { guestName, lockOf } from "./guest.ts";
import type { Guest, World } from "./world.ts";

/** What a guest uses: made up, but the same every time and plausible for its size. Sizes in bytes. */
export interface GuestNumbers {
  cpu: number;
  maxcpu: number;
  mem: number;
  maxmem: number;
  disk: number;
  maxdisk: number;
  netin: number;
  netout: number;
  diskread: number;
  diskwrite: number;
  /** Seconds. */
  uptime: number;
}

/** Seconds of uptime shown while the fault `booting` is on. */
const bootingUptime = 3;

export function guestNumbers(world: World, guest: Guest, now: number): GuestNumbers {
  const running = guest.status === "running";
  const seconds = running ? Math.max(0, Math.floor((now - (guest.bootedAt ?? now)) / 1000)) : 0;
  const uptime = hasFault(world, "booting", guest.vmid) ? Math.min(seconds, bootingUptime) : seconds;
  const share = spread(guest.vmid);
  const maxmem = memoryBytes(guest);
  const maxdisk = diskBytes(guest);
  const rate = running ? 200 + (guest.vmid % 97) * 40 : 0;
  return {
    cpu: running ? round(0.01 + 0.2 * share) : 0,
    maxcpu: cpuCount(guest),
    mem: running ? Math.floor(maxmem * (0.25 + 0.4 * share)) : 0,
    maxmem,
    // The QEMU status does not know how full a disk is; a container's file system does (PVE::QemuServer::vmstatus).
    disk: guest.kind === "lxc" && running ? Math.floor(maxdisk * (0.15 + 0.3 * share)) : 0,
    maxdisk,
    netin: rate * uptime,
    netout: Math.floor(rate * 0.7) * uptime,
    diskread: rate * 3 * uptime,
    diskwrite: rate * 5 * uptime,
    uptime,
  };
}

/** The status shown: `unknown` on a node that does not answer. */
export function shownStatus(world: World, guest: Guest): "running" | "stopped" | "unknown" {
  return hasFault(world, "node-offline", guest.node) ? "unknown" : guest.status;
}

/** One row of `nodes/{n}/qemu`, `nodes/{n}/lxc` and the base of `status/current`. */
export function statusRow(world: World, guest: Guest, now: number): Record<string, unknown> {
  const { maxcpu, ...numbers } = guestNumbers(world, guest, now);
  const lock = lockOf(world, guest);
  return {
    vmid: guest.vmid,
    name: guestName(guest),
    status: guest.status,
    cpus: maxcpu,
    ...numbers,
    ...(guest.kind === "lxc" && {
      type: "lxc",
      swap: 0,
      maxswap: Number(guest.config.swap ?? 512) * 1024 ** 2,
    }),
    ...(guest.template && { template: 1 }),
    ...(guest.config.tags !== undefined && { tags: guest.config.tags }),
    ...(lock !== undefined && { lock }),
    ...(guest.pid !== undefined && { pid: guest.pid }),
  };
}

function cpuCount(guest: Guest): number {
  const sockets = guest.kind === "qemu" ? Number(guest.config.sockets ?? 1) : 1;
  return Number(guest.config.vcpus ?? sockets * Number(guest.config.cores ?? 1));
}

function memoryBytes(guest: Guest): number {
  const text = String(guest.config.memory ?? 512);
  return Number(parseProperties(text, "current").get("current") ?? 512) * 1024 ** 2;
}

function diskBytes(guest: Guest): number {
  const boot = guest.kind === "lxc" ? "rootfs" : bootDisk(guest);
  const text = boot === undefined ? undefined : guest.config[boot];
  if (text === undefined) return 0;
  return parseSize(parseProperties(String(text), "file").get("size") ?? "") ?? 0;
}

function bootDisk(guest: Guest): string | undefined {
  const order = parseProperties(String(guest.config.boot ?? ""), "").get("order");
  const named = order?.split(";").find((key) => /^(scsi|virtio|sata|ide)\d/.test(key));
  return named ?? ["scsi0", "virtio0", "sata0", "ide0"].find((key) => guest.config[key] !== undefined);
}

// Spreads neighbouring vmids over 0..1.
function spread(vmid: number): number {
  return ((vmid * 2_654_435_761) % 2 ** 32) / 2 ** 32;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
