import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { writeFileAtomic } from "../connect/files.ts";
import { backendOf } from "../connect/terraform/backend.ts";
import { forgetBackend } from "../connect/terraform/reconfigure.ts";
import { Problem } from "../model/problem.ts";
import { backendFiles, blockFile } from "./backend-files.ts";
import { type Moved, type MoveOptions, putAside, throwIfInterrupted } from "./moving.ts";
import { otherOutputs, outputsOf } from "./outputs.ts";
import {
  placeOf,
  readIfThere,
  refusal,
  runInStore,
  type Situation,
  type StoredState,
  type Subject,
} from "./situation.ts";
import { withStoreLock } from "./store-lock.ts";

/** What has to be done to bring a state back into its file; no steps where it is there already. */
export interface MoveBack {
  remote: StoredState | undefined;
  steps: string[];
}

/** Decides what to do, or refuses where the file has something that the store has not. */
export function planMoveBack(subject: Subject, situation: Situation): MoveBack {
  const { environment, run, store } = subject;
  const { code, file, local, remote } = situation;
  if (code === "file" && local !== undefined) return { remote: undefined, steps: [] };
  if (code === "file" || remote === undefined) {
    throw refusal("state-missing", run, `the store has no state of ${environment} to bring back`, {
      place: placeOf(subject),
      hint: `pve-home state status --env ${environment}`,
    });
  }
  const [here, there] = [local?.facts, remote.facts];
  if (here !== undefined && (here.lineage !== there.lineage || here.serial > there.serial)) {
    throw refusal("state-diverged", run, `${file} has serial ${here.serial}, which the store does not have`, {
      place: file,
      hint: "find out which one is true, and put the file away if it is not",
    });
  }
  const files = backendFiles(run.directory, environment, store);
  files.refuseForeign();
  const block = backendOf(run.directory).file;
  if (block !== join(run.directory, blockFile)) {
    throw refusal("state-backend-file", run, `the backend block is not in ${blockFile}, and is left alone`, {
      place: block,
      hint: `put it into ${blockFile} as \`pve-home state migrate\` writes it, or move the state by hand with init -migrate-state`,
    });
  }
  return {
    remote,
    steps: [
      `take the lock of ${placeOf(subject)}`,
      `write ${file} (serial ${there.serial})`,
      `remove ${files.names.join(" and ")} in ${run.directory}, and what ${run.tool} remembers of them in .terraform`,
      `compare what ${run.tool} output says with what it said before; where it differs, put those files back`,
      "leave the object in the store as it is",
    ],
  };
}

/** Brings a state back into its file; called again after an interruption it goes on. */
export async function moveBack(
  subject: Subject,
  situation: Situation,
  remote: StoredState,
  { log, signal }: MoveOptions,
): Promise<Moved> {
  const { environment, store, bucket } = subject;
  const { file, local } = situation;
  const { backend: _, ...run } = subject.run;
  const files = backendFiles(run.directory, environment, store);
  const key = store.keyOf(environment);
  const keptAside = await withStoreLock(bucket, key, log, async () => {
    throwIfInterrupted(signal);
    if (!(await bucket.get(key))?.content.equals(remote.content)) throw changed(subject);
    const before = await outputsOf(runInStore(subject));
    throwIfInterrupted(signal);
    const aside = local === undefined ? undefined : putAside(file, local.facts.serial);
    writeFileAtomic(file, remote.content, 0o600);
    forgetBackend(run);
    files.remove();
    try {
      if (!readIfThere(file)?.equals(remote.content)) throw changed(subject);
      if (!isDeepStrictEqual(await outputsOf(run), before))
        throw otherOutputs(subject, "the file", "the store");
    } catch (error) {
      files.write();
      throw error;
    }
    return aside;
  });
  return { keptAside, initFailed: undefined };
}

function changed(subject: Subject): Problem {
  return new Problem({
    kind: "undetermined",
    code: "state-changed",
    message: `the state of ${subject.environment} was changed meanwhile`,
    place: placeOf(subject),
    hint: "run it again",
  });
}
