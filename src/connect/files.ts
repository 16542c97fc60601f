import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file so that a reader sees the old content or the new, never half: a temporary name in the same folder
 * (a dot file without the ending, so that no collector picks it up), then a rename. Missing folders are made.
 */
export function writeFileAtomic(file: string, content: string, mode: 0o644 | 0o600 = 0o644): void {
  makeFolder(dirname(file));
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}`);
  try {
    writeFileSync(temporary, content, { mode, flag: "wx", flush: true });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Makes a folder and those above it that are missing, one at a time: Node's own recursive mkdir never comes back where a
 * folder exists and nobody can make one in it, as below /proc.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let here = folder; !existsSync(here) && dirname(here) !== here; here = dirname(here)) {
    missing.unshift(here);
  }
  for (const one of missing) {
    try {
      mkdirSync(one);
    } catch (error) {
      // Somebody else was faster.
      if (!statSync(one, { throwIfNoEntry: false })?.isDirectory()) throw error;
    }
  }
}
