import { readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { localStateFile } from "./local-state.ts";
import { readJson } from "./read-json.ts";
import type { StateLock, TerraformRun } from "./types.ts";

const schema = z.object({
  ID: z.string(),
  Operation: z.string(),
  Who: z.string(),
  Created: z.string(),
});

/**
 * Who holds the lock of a local state; undefined: nobody, or the state is kept elsewhere. What a killed run of this
 * machine left behind is no lock where the system can tell (Linux).
 */
export async function readLock(run: TerraformRun): Promise<StateLock | undefined> {
  const state = localStateFile(run);
  if (state === undefined) return undefined;
  const file = join(dirname(state), `.${basename(state)}.lock.info`);
  const text = read(file);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(readJson(text));
  // Half written: somebody is taking it at this moment.
  if (!parsed.success) return { who: "unknown", since: modified(file), operation: "", id: "" };
  const { ID, Operation, Who, Created } = parsed.data;
  if (Who.endsWith(`@${hostname()}`) && isFree(state)) return undefined;
  return { who: Who, since: Created, operation: Operation, id: ID };
}

/** Whether Linux says that no process holds a lock on the file; false where it does not say. */
function isFree(file: string): boolean {
  const locks = read("/proc/locks");
  if (locks === undefined) return false;
  try {
    return !locks.includes(`:${statSync(file).ino} `);
  } catch {
    return false;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function modified(file: string): string {
  return (statSync(file, { throwIfNoEntry: false })?.mtime ?? new Date(0)).toISOString();
}
