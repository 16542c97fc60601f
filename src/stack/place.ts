import { chmodSync, chownSync, lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, writeFileAtomic } from "../connect/files.ts";
import { contentOf } from "./content-of.ts";
import type { Rendered } from "./rendered.ts";

/** The `owner` of directories and secrets, `uid:gid`; only root can give a file away, others are who they are for. */
function own(path: string, owner: string): void {
  if (process.getuid?.() !== 0) return;
  const [uid = 0, gid = 0] = owner.split(":").map(Number);
  chownSync(path, uid, gid);
}

/** Writes a file where it differs from what is there; whether it did. */
export function placeFile(file: string, content: Uint8Array, mode: 0o644 | 0o600, owner?: string): boolean {
  const same = contentOf(file)?.equals(content) === true;
  if (!same) writeFileAtomic(file, content, mode);
  // Also where it is the same: what a person has opened is closed again.
  chmodSync(file, mode);
  if (owner !== undefined) own(file, owner);
  return !same;
}

/** Makes the folders that are rendered, with their owners. */
export function placeFolders(folder: string, { directories }: Pick<Rendered, "directories">): void {
  for (const [path, { mode, owner }] of Object.entries(directories)) {
    makeFolder(join(folder, path));
    chmodSync(join(folder, path), Number.parseInt(mode, 8));
    own(join(folder, path), owner);
  }
}

/**
 * Writes the files that differ, and removes those of an earlier rendering (`before`) that are not rendered any more.
 * Returns the paths that changed. Nothing else in the folder is touched. Problem `file-unwritable`.
 */
export function placeFiles(
  folder: string,
  { files }: Pick<Rendered, "files">,
  before: readonly string[],
): string[] {
  const written = Object.entries(files)
    // As it was rendered, byte for byte: none of it is from a secret, and a word may look like one.
    .filter(([path, { content, mode }]) =>
      placeFile(join(folder, path), Buffer.from(content), mode === "0600" ? 0o600 : 0o644),
    )
    .map(([path]) => path);
  const gone = before.filter(
    (path) => files[path] === undefined && lstatSync(join(folder, path), { throwIfNoEntry: false })?.isFile(),
  );
  for (const path of gone) rmSync(join(folder, path));
  return [...written, ...gone];
}
