import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { messageOf, Problem } from "../../model/problem.ts";
import type { Log } from "../../model/progress.ts";
import { writeFileAtomic } from "../files.ts";
import { titleOf } from "./command.ts";
import type { ToolName } from "./types.ts";

/** Where the tool keeps a state that it could not write to its place. */
const errored = "errored.tfstate";

/** Whether a private copy holds a state that is nowhere else. */
export function holdsErrored(copy: string): boolean {
  return existsSync(join(copy, errored));
}

/**
 * A private copy goes away: a state that is in it alone is moved into the user's folder; undefined where there is none.
 * One that is kept there already is never overwritten. Problem `state-unwritten` where that folder cannot be written.
 */
export function keepErrored(copy: string, userFolder: string, tool: ToolName): string | undefined {
  if (!holdsErrored(copy)) return undefined;
  const only = join(copy, errored);
  try {
    const state = readFileSync(only);
    const file = freeName(userFolder, state);
    writeFileAtomic(file, state, 0o600);
    rmSync(only);
    return file;
  } catch (cause) {
    throw unwritten(tool, only, cause);
  }
}

function freeName(folder: string, state: Buffer): string {
  for (let number = 1; ; number += 1) {
    const file = join(folder, number === 1 ? errored : `errored-${number}.tfstate`);
    if (!existsSync(file) || readFileSync(file).equals(state)) return file;
  }
}

/** What was applied is in this file and nowhere else. */
export function unwritten(tool: ToolName, file: string, cause?: unknown): Problem {
  const why = cause === undefined ? "" : ` (${messageOf(cause)})`;
  return new Problem({
    kind: "undetermined",
    code: "state-unwritten",
    message: `what was applied could not be written to the state; it is in ${file} alone${why}`,
    place: file,
    hint: pushHint(tool, file),
    cause,
  });
}

/** What to type once the state can be written again. */
function pushHint(tool: ToolName, file: string): string {
  return `once the state can be written again: ${tool} -chdir=${dirname(file)} state push ${basename(file)}`;
}

/** Puts such a state out of the private copy of a run that was killed into the user's folder, and says so. */
export function salvageErrored(root: string, log: Log): void {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  for (const { parentPath } of entries.filter((entry) => entry.isFile() && entry.name === errored)) {
    // A copy lies below its root where the environment lies below /.
    const userFolder = `${sep}${parentPath.slice(root.length + 1)}`;
    const tool = toolOf(parentPath);
    const kept = keepErrored(parentPath, userFolder, tool);
    if (kept === undefined) continue;
    log(`a run that was killed could not write its state: ${titleOf(tool)} left it in ${kept}`);
    log(`  ${pushHint(tool, kept)}`);
  }
}

function toolOf(folder: string): ToolName {
  try {
    const lockFile = readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
    return lockFile.includes("registry.opentofu.org/") ? "tofu" : "terraform";
  } catch {
    return "terraform";
  }
}
