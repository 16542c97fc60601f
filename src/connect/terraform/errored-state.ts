import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { writeFileAtomic } from "../files.ts";
import { titleOf } from "./command.ts";
import type { ToolName } from "./types.ts";

/** Where the tool keeps a state that it could not write to its place. */
const errored = "errored.tfstate";

/**
 * A private copy goes away: a state that is in it alone is put into the user's folder; undefined where there is none.
 * One that is kept there already is never overwritten.
 */
export function keepErrored(copy: string, userFolder: string): string | undefined {
  if (!existsSync(join(copy, errored))) return undefined;
  const state = readFileSync(join(copy, errored), "utf8");
  for (let number = 1; ; number += 1) {
    const file = join(userFolder, number === 1 ? errored : `errored-${number}.tfstate`);
    if (existsSync(file) && readFileSync(file, "utf8") !== state) continue;
    writeFileAtomic(file, state, 0o600);
    return file;
  }
}

/** What to type once the state can be written again. */
export function pushHint(tool: ToolName, file: string): string {
  return `once the state can be written again: ${tool} -chdir=${dirname(file)} state push ${file.slice(dirname(file).length + 1)}`;
}

/** Puts such a state out of the private copy of a run that was killed into the user's folder, and says so. */
export function salvageErrored(root: string, log: (line: string) => void): void {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  for (const { parentPath } of entries.filter((entry) => entry.isFile() && entry.name === errored)) {
    // A copy lies below its root where the environment lies below /.
    const userFolder = `${sep}${parentPath.slice(root.length + 1)}`;
    const kept = keepErrored(parentPath, userFolder);
    if (kept === undefined) continue;
    const tool = toolOf(parentPath);
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
