import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { certificateFiles } from "./certificate.ts";
import { lockFolder } from "./folder-lock.ts";
import { LabError } from "./lab-error.ts";

/**
 * Makes a lab's folder where it is missing and takes it; returns what gives it back.
 * @throws LabError `folder-unusable`, `already-running`
 */
export async function takeFolder(directory: string): Promise<() => Promise<void>> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return await lockFolder(directory);
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw unusable(directory, cause);
  }
}

/** `folder-unusable` in plain words. */
export function unusable(directory: string, cause: unknown): LabError {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const reasons: Record<string, string> = {
    EEXIST: "it is a file",
    ENOTDIR: "a part of its path is a file",
    EACCES: "it may not be written",
    EPERM: "it may not be written",
    EROFS: "its file system is read-only",
    ENOSPC: "the disk is full",
  };
  const reason = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new LabError("folder-unusable", `${directory} cannot be the lab's folder: ${reason}`, cause);
}

/** Forgets what an earlier lab left in its folder; one that no lab has used is left as it is. */
export async function forgetWorld(directory: string): Promise<void> {
  const world = join(directory, "world.json");
  if (!existsSync(world)) return;
  for (const name of ["storage", "machines"]) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
  for (const name of certificateFiles) await rm(join(directory, name), { force: true });
  // Last: a run that was cut short is repeated as a whole.
  await rm(world, { force: true });
}
