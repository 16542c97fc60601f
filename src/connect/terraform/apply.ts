import { Problem } from "../../model/problem.ts";
import { eventReader } from "./apply-events.ts";
import { runTool, titleOf } from "./command.ts";
import { keepErrored, unwritten } from "./errored-state.ts";
import { toolFailure } from "./failures.ts";
import type { ApplyOptions, TerraformRun } from "./types.ts";

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
    outlivesUs: true,
  }).catch((error: unknown) => {
    throw kill.aborted ? killed(run, keepErrored(directory, run.directory, run.tool)) : error;
  });
  const kept = keepErrored(directory, run.directory, run.tool);
  if (kept !== undefined) throw unwritten(run.tool, kept);
  if (result.exitCode === 0) return;
  if (interrupt.aborted) throw interrupted(run);
  throw toolFailure(run, "apply", result);
}

/** `-lock-timeout` in whole seconds. */
export function lockTimeout(ms: number): string {
  return `-lock-timeout=${Math.ceil(ms / 1000)}s`;
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
