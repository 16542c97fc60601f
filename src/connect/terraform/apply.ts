import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import { eventReader } from "./apply-events.ts";
import { runTool, titleOf } from "./command.ts";
import { toolFailure } from "./failures.ts";
import type { ApplyOptions, TerraformRun } from "./types.ts";

/** Where the tool keeps a state that it could not write to its place. */
const errored = "errored.tfstate";

/**
 * Carries out a saved plan, and no other. Problems: `terraform-stale`, `state-locked`, `apply-interrupted` and
 * `apply-killed` of kind `declined`, `state-unwritten`, and what else `toolFailure` makes of an exit code.
 */
export async function applyPlan(
  run: TerraformRun,
  directory: string,
  args: readonly string[],
  { lockTimeoutMs, onEvent, interrupt, kill }: ApplyOptions,
): Promise<void> {
  const result = await runTool(run, {
    args: ["apply", "-json", "-input=false", lockTimeout(lockTimeoutMs), ...args],
    cwd: directory,
    onStdout: eventReader(onEvent),
    signal: kill,
    interrupt,
  }).catch((error: unknown) => {
    throw kill.aborted ? killed(run, keepErrored(run, directory)) : error;
  });
  const kept = keepErrored(run, directory);
  if (kept !== undefined) throw unwritten(run, kept);
  if (result.exitCode === 0) return;
  if (interrupt.aborted) throw interrupted(run);
  throw toolFailure(run, "apply", result);
}

/** `-lock-timeout` in whole seconds. */
export function lockTimeout(ms: number): string {
  return `-lock-timeout=${Math.ceil(ms / 1000)}s`;
}

/** The private copy goes away: a state that is in it alone is put into the user's folder. */
function keepErrored(run: TerraformRun, directory: string): string | undefined {
  const file = join(directory, errored);
  if (!existsSync(file)) return undefined;
  const kept = join(run.directory, errored);
  copyFileSync(file, kept);
  return kept;
}

function unwritten(run: TerraformRun, file: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "state-unwritten",
    message: `what was applied could not be written to the state; it is in ${file} alone`,
    place: file,
    hint: `once the state can be written again: ${run.tool} -chdir=${run.directory} state push ${errored}`,
  });
}

function interrupted(run: TerraformRun): Problem {
  return new Problem({
    kind: "declined",
    code: "apply-interrupted",
    message: `interrupted: ${titleOf(run.tool)} has stopped, and the state has all that was finished`,
    place: run.directory,
  });
}

function killed(run: TerraformRun, kept: string | undefined): Problem {
  const where = kept === undefined ? "" : `; a state that could not be written is in ${kept}`;
  return new Problem({
    kind: "declined",
    code: "apply-killed",
    message: `ended in the middle: what was under way may exist on Proxmox without being in the state${where}`,
    place: run.directory,
  });
}
