import { openBucket } from "../connect/s3/bucket.ts";
import { backendOf } from "../connect/terraform/backend.ts";
import { localStateFile } from "../connect/terraform/local-state.ts";
import { s3StateOf } from "../connect/terraform/s3-state.ts";
import { readLock } from "../connect/terraform/state-lock.ts";
import type { StateLock, TerraformRun } from "../connect/terraform/types.ts";
import { isProblem, Problem } from "../model/problem.ts";
import { readIfThere } from "./situation.ts";
import { parseState, type StateFacts } from "./state-file.ts";

export interface StateStatus {
  environment: string;
  /** A path or an address. */
  place: string;
  /** undefined where nothing was applied yet. */
  state: Pick<StateFacts, "serial" | "lineage" | "resources"> | undefined;
  lock: StateLock | undefined;
  /** Whether two who apply at once are kept apart. */
  locking: boolean;
  /** The command that removes a lock whose holder is gone, without the lock's id. */
  unlock: string;
  /** Why it could not be looked at; then the rest says nothing. */
  problem?: Problem;
}

/** Where an environment's state is, and who holds it. Only looks. */
export async function stateStatus(environment: string, run: TerraformRun): Promise<StateStatus> {
  const file = localStateFile(run);
  const stored = s3StateOf(run);
  const place = file ?? placeOf(run, stored);
  const unlock = `${run.tool} -chdir=${run.directory} force-unlock`;
  try {
    const content = file === undefined ? await contentOf(run, stored) : readIfThere(file);
    return {
      environment,
      place,
      unlock,
      state: content === undefined || content.length === 0 ? undefined : parsed(content, place),
      lock: await readLock(run),
      locking: file !== undefined || stored?.lockKey !== undefined,
    };
  } catch (error) {
    if (!isProblem(error)) throw error;
    return { environment, place, unlock, state: undefined, lock: undefined, locking: false, problem: error };
  }
}

function placeOf(run: TerraformRun, stored: ReturnType<typeof s3StateOf>): string {
  if (stored === undefined) return `backend "${backendOf(run.directory).kind}"`;
  return `${stored.connection.endpoint.replace(/\/$/, "")}/${stored.bucket}/${stored.key}`;
}

async function contentOf(
  run: TerraformRun,
  stored: ReturnType<typeof s3StateOf>,
): Promise<Buffer | undefined> {
  if (stored === undefined) {
    const { kind } = backendOf(run.directory);
    throw new Problem({
      kind: "undetermined",
      code: "state-elsewhere",
      message: `how to look into the backend "${kind}" is not known here`,
      place: run.directory,
      hint:
        kind === "s3"
          ? "set state.access_key and state.secret_key, and bucket and key as plain text in the backend's settings"
          : `${run.tool} -chdir=${run.directory} state pull`,
    });
  }
  const bucket = openBucket(stored.connection, stored.bucket);
  try {
    return (await bucket.get(stored.key))?.content;
  } finally {
    bucket.close();
  }
}

function parsed(content: Buffer, place: string): StateFacts {
  const facts = parseState(content);
  if (facts !== undefined) return facts;
  throw new Problem({
    kind: "undetermined",
    code: "state-unreadable",
    message: `what is at ${place} is no state`,
    place,
  });
}
