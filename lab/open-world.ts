import { removeGuest } from "./api/routes/guest-destroy.ts";
import type { LabOptions } from "./lab.ts";
import { freePort, tryPort } from "./ports.ts";
import { newNode, newWorld } from "./seed.ts";
import { addExtraGuests } from "./seed-guests.ts";
import { readWorld } from "./store.ts";
import type { Guest, World } from "./world.ts";

/** The world of a folder, or a new one, with the nodes, keys and guests the options ask for. */
export async function openWorld(directory: string, options: LabOptions): Promise<World> {
  const now = Date.now();
  const nodes = options.nodes ?? ["pve1"];
  const world = (await readWorld(directory)) ?? newWorld(nodes, now);
  for (const name of nodes) world.nodes[name] ??= newNode(name, now);
  for (const node of Object.values(world.nodes)) {
    node.authorizedKeys = [...new Set([...node.authorizedKeys, ...(options.authorizedKeys ?? [])])];
  }
  for (const { ssh } of Object.values(world.nodes)) {
    ssh.port =
      (ssh.port > 0 ? await tryPort(ssh.port, ssh.address) : undefined) ?? (await freePort(ssh.address));
  }
  for (const guest of Object.values(world.guests)) endTask(world, guest);
  addExtraGuests(world, options.guests ?? 0, now, options.authorizedKeys);
  return world;
}

// Tasks do not outlive the lab: what one was making is taken away, what it had locked is free again.
function endTask(world: World, guest: Guest): void {
  if (guest.lock === "create" || guest.lock === "clone") removeGuest(world, guest, false);
  else delete guest.lock;
}
