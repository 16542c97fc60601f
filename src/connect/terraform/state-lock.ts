import { readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { readJson } from "../../model/json.ts";
import { openBucket } from "../s3/bucket.ts";
import { localStateFile } from "./local-state.ts";
import { s3StateOf } from "./s3-state.ts";
import type { StateLock, TerraformRun } from "./types.ts";

const schema = z.object({
  ID: z.string(),
  Operation: z.string(),
  Who: z.string(),
  Created: z.string(),
});

/**
 * Who holds the lock of a state in a local file or an S3 store; undefined where it is free, or the state is kept where we cannot
 * look. A store that does not answer is a Problem `s3-…`.
 */
export async function readLock(run: TerraformRun): Promise<StateLock | undefined> {
  const state = localStateFile(run);
  return state === undefined ? readS3Lock(run) : readLocalLock(state);
}

async function readS3Lock(run: TerraformRun): Promise<StateLock | undefined> {
  const state = s3StateOf(run);
  if (state?.lockKey === undefined) return undefined;
  const bucket = openBucket(state.connection, state.bucket);
  try {
    const object = await bucket.get(state.lockKey);
    return object === undefined ? undefined : parseLock(object.content.toString("utf8"));
  } finally {
    bucket.close();
  }
}

/** What a tool wrote about itself when it took the lock; there is a lock also where this is not readable. */
export function parseLock(text: string): StateLock {
  const parsed = schema.safeParse(readJson(text));
  if (!parsed.success) return { who: "unknown", since: "unknown", operation: "", id: "" };
  const { ID, Operation, Who, Created } = parsed.data;
  return { who: Who, since: Created, operation: Operation, id: ID };
}

/** Who holds a state file. What a killed run of this machine left behind is no lock where the system can tell (Linux). */
export function readLocalLock(state: string): StateLock | undefined {
  const file = join(dirname(state), `.${basename(state)}.lock.info`);
  const text = read(file);
  if (text === undefined) return undefined;
  const lock = parseLock(text);
  // Half written: it is being taken at this moment.
  if (lock.id === "") return { ...lock, since: modified(file) };
  return lock.who.endsWith(`@${hostname()}`) && isFree(state) ? undefined : lock;
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
