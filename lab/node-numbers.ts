import { gibibyte } from "./config/size.ts";
import { guestNumbers } from "./numbers.ts";
import { recentlyUsedBytes } from "./volumes.ts";
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

/** The numbers of every node, by name. */
export function allNodeNumbers(world: World, now: number): Map<string, NodeNumbers> {
  const load = new Map(Object.keys(world.nodes).map((name) => [name, { cpus: 0, mem: 2 * gibibyte }]));
  for (const guest of Object.values(world.guests)) {
    const sum = guest.status === "running" ? load.get(guest.node) : undefined;
    if (!sum) continue;
    const numbers = guestNumbers(world, guest, now);
    sum.cpus += numbers.cpu * numbers.maxcpu;
    sum.mem += numbers.mem;
  }
  const local = world.storages.local;
  const disk = local ? recentlyUsedBytes(local, now) : 0;
  const found = new Map<string, NodeNumbers>();
  for (const node of Object.values(world.nodes)) {
    const sum = load.get(node.name) ?? { cpus: 0, mem: 0 };
    found.set(node.name, {
      cpu: Math.min(Math.round((0.02 + sum.cpus / node.cores) * 10_000) / 10_000, 1),
      maxcpu: node.cores,
      mem: Math.min(sum.mem, Math.floor(node.memoryBytes * 0.95)),
      maxmem: node.memoryBytes,
      disk,
      maxdisk: local?.totalBytes ?? 0,
      uptime: Math.floor((now - node.bootedAt) / 1000),
    });
  }
  return found;
}

/** The numbers of one node. */
export function nodeNumbers(world: World, node: LabNode, now: number): NodeNumbers {
  const numbers = allNodeNumbers(world, now).get(node.name);
  if (!numbers) throw new Error(`no such node '${node.name}'`);
  return numbers;
}
