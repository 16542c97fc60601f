import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { z } from "zod";
import { hasEnded, runningProcessSchema, thisProcess } from "../connect/running-process.ts";
import type { PutCondition, S3Bucket, S3Object } from "../connect/s3/types.ts";
import { lockKeyOf } from "../connect/terraform/s3-state.ts";
import { parseLock } from "../connect/terraform/state-lock.ts";
import { readJson } from "../model/json.ts";
import { isProblem, messageOf, Problem } from "../model/problem.ts";
import type { Log } from "../model/progress.ts";

const operation = "pve-home state migrate";

/** What both tools write into a lock, and we as well; `Info` is free: we say which process it is. */
const noteSchema = z.object({
  ID: z.string(),
  Operation: z.string(),
  Info: z.string(),
  Who: z.string(),
});

/**
 * Takes the lock of a state in a store, as the tools themselves do, does the work and gives it back. Problem
 * `state-locked` of kind `undetermined` where it is held; what a killed run of ours left behind is taken over, if it is
 * still the lock that was looked at.
 */
export async function withStoreLock<T>(
  bucket: S3Bucket,
  key: string,
  log: Log,
  work: () => Promise<T>,
): Promise<T> {
  const lockKey = lockKeyOf(key);
  const id = randomUUID();
  const note = {
    ID: id,
    Operation: operation,
    Info: JSON.stringify(thisProcess()),
    Who: whoWeAre(),
    Version: "",
    Created: new Date().toISOString(),
    Path: `${bucket.name}/${key}`,
  };
  const take = (condition: PutCondition) => bucket.put(lockKey, JSON.stringify(note), condition);
  try {
    await take("absent").catch(async (error: unknown) => {
      const stale = isProblem(error, "s3-precondition") ? await leftBehind(bucket, lockKey) : undefined;
      if (stale === undefined) throw error;
      await take({ etag: stale.etag });
    });
  } catch (error) {
    // A write whose reply was lost may have come through all the same.
    await release(bucket, lockKey, id).catch(() => undefined);
    throw isProblem(error, "s3-precondition") ? await lockedProblem(bucket, lockKey) : error;
  }
  try {
    return await work();
  } finally {
    await release(bucket, lockKey, id).catch((error: unknown) =>
      log(
        `the lock ${lockKey} could not be given back: ${messageOf(error)}; remove that object from the bucket`,
      ),
    );
  }
}

async function release(bucket: S3Bucket, lockKey: string, id: string): Promise<void> {
  const object = await bucket.get(lockKey);
  if (object !== undefined && parseLock(object.content.toString()).id === id) await bucket.remove(lockKey);
}

/** The lock, where it is that of a run like ours that has ended. */
async function leftBehind(bucket: S3Bucket, lockKey: string): Promise<S3Object | undefined> {
  const object = await bucket.get(lockKey);
  const note = noteSchema.safeParse(readJson(object?.content.toString() ?? ""));
  if (!note.success || note.data.Operation !== operation || note.data.Who !== whoWeAre()) return undefined;
  const holder = runningProcessSchema.safeParse(readJson(note.data.Info));
  return holder.success && hasEnded(holder.data) ? object : undefined;
}

async function lockedProblem(bucket: S3Bucket, lockKey: string): Promise<Problem> {
  const object = await bucket.get(lockKey);
  const { who, since } = parseLock(object?.content.toString() ?? "");
  return new Problem({
    kind: "undetermined",
    code: "state-locked",
    message:
      object === undefined
        ? "the state in the store was locked, and was released at this moment"
        : `the state in the store is locked by ${who} since ${since}`,
    place: `${bucket.endpoint}/${bucket.name}/${lockKey}`,
    hint: "try again when it is done; if no run is under way any more, remove that object from the bucket",
  });
}

function whoWeAre(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `unknown@${hostname()}`;
  }
}
