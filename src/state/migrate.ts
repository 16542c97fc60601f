import { isDeepStrictEqual } from "node:util";
import { lockedProblem } from "../connect/terraform/lock-problem.ts";
import { readLocalLock } from "../connect/terraform/state-lock.ts";
import type { OutputValue, TerraformRun } from "../connect/terraform/types.ts";
import { isProblem, messageOf, Problem } from "../model/problem.ts";
import { backendFiles } from "./backend-files.ts";
import { initialise, type Moved, type MoveOptions, putAside, throwIfInterrupted } from "./moving.ts";
import { otherOutputs, outputsOf } from "./outputs.ts";
import { refuseOwnStore } from "./own-store.ts";
import type { Move } from "./plan-move.ts";
import { readIfThere, runInStore, type Situation, type StoredState, type Subject } from "./situation.ts";
import { withStoreLock } from "./store-lock.ts";
import { refuseUnlocking } from "./store-safety.ts";

/**
 * Moves a state from its file into the store. The file stays where it is until the state was read through the store by
 * the environment's own tool; the folder's code changes last but one. Whatever interrupts it, the state is whole in at
 * least one place, the code says which, and calling it again goes on.
 */
export async function moveToStore(
  subject: Subject,
  situation: Situation,
  move: Move,
  options: MoveOptions,
): Promise<Moved> {
  const { run, store, environment, bucket } = subject;
  const { file } = situation;
  const { local } = move;
  const { signal, log } = options;
  if (local === undefined) return { keptAside: undefined, initFailed: await initialise(runInStore(subject)) };
  refuseLocked(run, file);
  await refuseUnlocking(subject);
  const before = situation.code === "file" ? await outputsOf(run) : undefined;
  const inventory = before?.inventory?.value ?? local.facts.inventory;
  refuseOwnStore(environment, { ...local.facts, inventory }, store.connection.endpoint);
  const keptAside = await withStoreLock(bucket, store.keyOf(environment), log, async () => {
    throwIfInterrupted(signal);
    await copy(subject, move, local);
    throwIfInterrupted(signal);
    const check = () => refuseChanged(run, file, local);
    check();
    await adopt(subject, before, check);
    check();
    return putAside(file, local.facts.serial);
  });
  return { keptAside, initFailed: await initialise(runInStore(subject)) };
}

async function copy({ bucket, store, environment }: Subject, move: Move, local: StoredState): Promise<void> {
  const key = store.keyOf(environment);
  if (move.copy === undefined) return;
  await bucket.put(key, local.content, move.copy.condition);
  const there = await bucket.get(key);
  if (there?.content.equals(local.content)) return;
  throw new Problem({
    kind: "undetermined",
    code: "state-copy-differs",
    message: `what the store gives back at ${key} is not what was written; the state is still in its file`,
    hint: "is something in front of the store that changes what passes through it?",
  });
}

/** Changes the folder's code, and takes that back where the tool then does not see the same state. */
async function adopt(
  subject: Subject,
  before: Record<string, OutputValue> | undefined,
  check: () => void,
): Promise<void> {
  const { run, environment, store } = subject;
  // It says so already: an earlier run was interrupted behind this point.
  if (before === undefined) return void (await outputsOf(runInStore(subject)));
  const files = backendFiles(run.directory, environment, store);
  files.write();
  try {
    const after = await outputsOf(runInStore(subject));
    if (!isDeepStrictEqual(after, before)) throw otherOutputs(subject, "the store", "the file");
    check();
  } catch (error) {
    files.remove();
    if (isProblem(error, "state-changed") || isProblem(error, "state-locked")) throw error;
    throw new Problem({
      kind: "undetermined",
      code: "state-verify",
      message: `the state stays in its file, because it could not be read through the store: ${messageOf(error)}`,
      place: run.directory,
      hint: (error instanceof Problem ? error.hint : undefined) ?? "run it again",
      cause: error,
    });
  }
}

/** Also a run in the user's terminal that began meanwhile. */
function refuseChanged(run: TerraformRun, file: string, local: StoredState): void {
  refuseLocked(run, file);
  if (readIfThere(file)?.equals(local.content)) return;
  throw new Problem({
    kind: "undetermined",
    code: "state-changed",
    message: `${file} was changed meanwhile`,
    place: file,
    hint: "run it again: the newer state will be copied",
  });
}

function refuseLocked(run: TerraformRun, file: string): void {
  const lock = readLocalLock(file);
  if (lock !== undefined) throw lockedProblem(run, lock);
}
