import { randomUUID } from "node:crypto";
import type { S3Bucket } from "../connect/s3/types.ts";
import { isProblem, messageOf, Problem } from "../model/problem.ts";

/** One round: several ask for the same lock at once, it is released, and asked for again. */
export interface LockRound {
  contenders: number;
  winners: number;
  /** Whether one who came while it was held was refused; undefined where it did not come to that. */
  heldRefused?: boolean;
  /** Whether the released lock could be taken again. */
  takenAgain?: boolean;
}

export interface LockFailure {
  code: "lock-not-exclusive" | "lock-never-won" | "lock-not-released" | "lock-unsupported";
  message: string;
}

export interface LockProof {
  rounds: LockRound[];
  /** Why the store must not be used; undefined where it excludes. */
  failure?: LockFailure;
  /** Scratch objects that could not be removed. */
  leftovers: string[];
}

/** Two at once are what happens in life; more of them make a lucky order unlikely. */
const contendersOfRounds = [2, 2, 2, 8];

/**
 * Whether a store excludes: writes that ask for an absent object, sent at once, on a scratch key below `prefix`, which is
 * removed at the end, with its versions. Problems of kind `undetermined`: `s3-…` where the store cannot be asked,
 * `lock-test-repeated` where a write was refused and is there all the same.
 */
export async function testLock(bucket: S3Bucket, prefix: string): Promise<LockProof> {
  const key = `${prefix}.pve-home-lock-test/${randomUUID()}.tflock`;
  const rounds: LockRound[] = [];
  let failure: LockFailure | undefined;
  let leftovers: string[] = [];
  try {
    for (const contenders of contendersOfRounds) {
      const round = await playRound(bucket, key, contenders);
      rounds.push(round);
      failure = judge(round);
      if (failure !== undefined) break;
    }
  } catch (error) {
    if (!isProblem(error, "s3-unsupported")) throw error;
    failure = { code: "lock-unsupported", message: `it cannot write on a condition: ${messageOf(error)}` };
  } finally {
    leftovers = await cleanUp(bucket, key);
  }
  return { rounds, leftovers, ...(failure === undefined ? {} : { failure }) };
}

async function playRound(bucket: S3Bucket, key: string, contenders: number): Promise<LockRound> {
  const names = Array.from({ length: contenders }, (_, index) => `contender ${index}`);
  const attempts = names.map((who) => take(bucket, key, who));
  // All have to end, also where one fails: what is still under way would come into the next round.
  const settled = await Promise.allSettled(attempts);
  const failed = settled.find((attempt) => attempt.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  const winners = settled.filter((attempt) => attempt.status === "fulfilled" && attempt.value).length;
  if (winners === 0) await refuseRepeated(bucket, key, names);
  if (winners !== 1) return { contenders, winners };
  if (await take(bucket, key, "one too many")) return { contenders, winners, heldRefused: false };
  await bucket.remove(key);
  const takenAgain = await take(bucket, key, "the next");
  if (!takenAgain) await refuseRepeated(bucket, key, ["the next"]);
  await bucket.remove(key);
  return { contenders, winners, heldRefused: true, takenAgain };
}

async function take(bucket: S3Bucket, key: string, who: string): Promise<boolean> {
  try {
    await bucket.put(key, who, "absent");
    return true;
  } catch (error) {
    if (isProblem(error, "s3-precondition")) return false;
    throw error;
  }
}

/** Where one who was refused has the lock: its reply was lost, and something on the way has sent the write again. */
async function refuseRepeated(bucket: S3Bucket, key: string, refused: readonly string[]): Promise<void> {
  const holder = (await bucket.get(key))?.content.toString();
  if (holder === undefined || !refused.includes(holder)) return;
  throw new Problem({
    kind: "undetermined",
    code: "lock-test-repeated",
    message: `the store at ${bucket.endpoint} refused a write that is there all the same, as if it had been sent twice`,
    place: bucket.endpoint,
    hint: "run it again; where that does not help, look for a proxy before the store that repeats writes",
  });
}

function judge({ contenders, winners, heldRefused, takenAgain }: LockRound): LockFailure | undefined {
  if (winners > 1) {
    return {
      code: "lock-not-exclusive",
      message: `${winners} of ${contenders} who asked for the lock at once got it: the store ignores If-None-Match`,
    };
  }
  if (winners === 0) {
    return { code: "lock-never-won", message: `none of ${contenders} who asked for the free lock got it` };
  }
  if (heldRefused === false) {
    return {
      code: "lock-not-exclusive",
      message: "a lock that was held was given away: the store ignores If-None-Match",
    };
  }
  if (takenAgain === false) {
    return { code: "lock-not-released", message: "a lock that was released could not be taken again" };
  }
  return undefined;
}

/** A deleted object leaves its versions in a versioned bucket. Returns what is still there. */
async function cleanUp(bucket: S3Bucket, key: string): Promise<string[]> {
  try {
    await bucket.remove(key);
    for (const { versionId } of await bucket.versions(key)) await bucket.remove(key, versionId);
    return [];
  } catch (error) {
    return [`${key}: ${messageOf(error)}`];
  }
}
