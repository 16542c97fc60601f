import { gibibyte } from "./config/size.ts";
import { guestNumbers } from "./numbers.ts";
import { usedBytes } from "./volumes.ts";
import type { LabNode, World } from "./world.ts";

/** What a node uses: what its guests use, and something for itself. Sizes in bytes, uptime in seconds. */
export interface NodeNumbers {
  cpu: number;
  maxcpu: number;
  mem: number;
  maxmem: number;
  disk: number;
  maxdisk: number;
  uptime: number;
}

export function nodeNumbers(world: World, node: LabNode, now: number): NodeNumbers {
  let cpu = 0.02;
  let mem = 2 * gibibyte;
  for (const guest of Object.values(world.guests)) {
    if (guest.node !== node.name || guest.status !== "running") continue;
    const numbers = guestNumbers(world, guest, now);
    cpu += (numbers.cpu * numbers.maxcpu) / node.cores;
    mem += numbers.mem;
  }
  const local = world.storages.local;
  return {
    cpu: Math.min(Math.round(cpu * 10_000) / 10_000, 1),
    maxcpu: node.cores,
    mem: Math.min(mem, Math.floor(node.memoryBytes * 0.95)),
    maxmem: node.memoryBytes,
    disk: local ? usedBytes(local) : 0,
    maxdisk: local?.totalBytes ?? 0,
    uptime: Math.floor((now - node.bootedAt) / 1000),
  };
}
