import { hasFault } from "./core.ts";
import { guestName, lockOf } from "./guest.ts";
import { type GuestMemo, type GuestNumbers, type GuestSizes, memoOf } from "./guest-memo.ts";
import { guestSizes } from "./guest-sizes.ts";
import type { Guest, World } from "./world.ts";

/** Seconds of uptime shown while the fault `booting` is on. */
const bootingUptime = 3;

/** What a guest uses now. The same object comes back while neither the guest nor the second has changed. */
export function guestNumbers(
  world: World,
  guest: Guest,
  now: number,
  memo: GuestMemo = memoOf(guest),
): GuestNumbers {
  const running = guest.status === "running";
  const seconds = running ? Math.max(0, Math.floor((now - (guest.bootedAt ?? now)) / 1000)) : 0;
  const booting = world.faults.length > 0 && hasFault(world, "booting", guest.vmid);
  const uptime = booting ? Math.min(seconds, bootingUptime) : seconds;
  const sizes = guestSizes(guest, memo);
  if (memo.numbers?.uptime === uptime && memo.running === running && memo.numbersOf === sizes)
    return memo.numbers;
  memo.running = running;
  memo.numbersOf = sizes;
  memo.numbers = calculate(guest, sizes, running, uptime);
  return memo.numbers;
}

function calculate(guest: Guest, sizes: GuestSizes, running: boolean, uptime: number): GuestNumbers {
  const share = spread(guest.vmid);
  const { maxcpu, maxmem, maxdisk } = sizes;
  const rate = running ? 200 + (guest.vmid % 97) * 40 : 0;
  return {
    cpu: running ? round(0.01 + 0.2 * share) : 0,
    maxcpu,
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

// Spreads neighbouring vmids over 0..1.
function spread(vmid: number): number {
  return ((vmid * 2_654_435_761) % 2 ** 32) / 2 ** 32;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
