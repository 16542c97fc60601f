import { resolve } from "node:path";
import { inventoryFromFile, inventoryFromState } from "../homelab/inventory-source.ts";
import { connectedRun } from "../homelab/terraform-run.ts";
import type { Inventory } from "../model/inventory.ts";
import { isProblem, Problem } from "../model/problem.ts";
import { type Opened, open } from "./check-run.ts";
import type { Io } from "./io.ts";
import { preparing } from "./preparing.ts";
import { orUndetermined } from "./reach.ts";

/** The inventories of `--inventory FILE…`, by environment; two of one environment are a Problem `inventory-twice`. */
export function inventoriesFrom(io: Io, files: readonly string[] = []): Map<string, Inventory> {
  const read = files.map((name) => {
    const file = resolve(io.cwd, name);
    return { file, inventory: inventoryFromFile(file) };
  });
  for (const [environment, [first, second]] of Map.groupBy(read, ({ inventory }) => inventory.environment)) {
    if (first !== undefined && second !== undefined) throw twice(environment, first.file, second.file);
  }
  return new Map(read.map(({ inventory }) => [inventory.environment, inventory]));
}

function twice(environment: string, first: string, second: string): Problem {
  return new Problem({
    kind: "usage",
    code: "inventory-twice",
    message: `${first} and ${second} are both inventories of the environment ${environment}`,
    hint: `leave one of them out, or correct "environment" in it; for example: --inventory ${first}`,
  });
}

/** What an environment declares: from the file in its settings, else from its state; or why it cannot be known. */
export function inventoryOf(io: Io, opened: Opened, environment: string): Promise<Inventory | Problem> {
  const { configuration } = opened;
  const file = configuration.settings.environments?.[environment]?.inventory;
  return orUndetermined(async () => {
    if (file !== undefined) return inventoryFromFile(resolve(configuration.folder, file));
    const run = await connectedRun(configuration, environment, io.env);
    return inventoryFromState(environment, { ...run, signal: io.interrupted }, preparing(io));
  });
}

/**
 * The inventories of `--inventory FILE…` where there are any, else of all environments. One that was never applied has
 * none, and the log says so; one that cannot be read is thrown: what is made of all of them would be a part.
 */
export async function declaredInventories(
  io: Io,
  flags: { inventory?: string[]; config?: string },
): Promise<Inventory[]> {
  if (flags.inventory !== undefined) return [...inventoriesFrom(io, flags.inventory).values()];
  const opened = open(io, { ...(flags.config === undefined ? {} : { config: flags.config }), all: true });
  const read = await Promise.all(opened.environments.map((name) => inventoryOf(io, opened, name)));
  return read.flatMap((inventory) => {
    if (!isProblem(inventory)) return inventory;
    if (inventory.code !== "inventory-missing") throw inventory;
    io.log(`left out: ${inventory.message}`);
    return [];
  });
}
