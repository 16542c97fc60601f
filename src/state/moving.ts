import { chmodSync, existsSync, renameSync } from "node:fs";
import { reconfigure } from "../connect/terraform/reconfigure.ts";
import type { TerraformRun } from "../connect/terraform/types.ts";
import { Problem } from "../model/problem.ts";
import type { Log } from "../model/progress.ts";

export interface MoveOptions {
  log: Log;
  /** Until the folder's code says that the state is elsewhere, this ends the work; then it is carried through. */
  signal: AbortSignal;
}

export interface Moved {
  /** Where the former file is now; undefined where it had gone before. */
  keptAside: string | undefined;
  /** Why the user has to run init themselves. */
  initFailed: Problem | undefined;
}

/** Renames a state file to `FILE.local-SERIAL`, for its owner alone to read; returns the new name. */
export function putAside(file: string, serial: number): string {
  const wanted = `${file}.local-${serial}`;
  let target = wanted;
  for (let more = 2; existsSync(target); more += 1) target = `${wanted}.${more}`;
  chmodSync(file, 0o600);
  renameSync(file, target);
  return target;
}

/** The state is where it belongs: that the user's own calls of the tool need an init is no failure. */
export async function initialise({ signal: _, ...run }: TerraformRun): Promise<Problem | undefined> {
  try {
    await reconfigure(run);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

export function throwIfInterrupted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new Problem({
    kind: "declined",
    code: "interrupted",
    message: "interrupted; the state is where it was",
    hint: "run it again: it goes on where it was",
  });
}
