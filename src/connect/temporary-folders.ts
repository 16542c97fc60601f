import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { messageOf } from "../model/problem.ts";
import type { Log } from "../model/progress.ts";
import { foldersOfLastingChildren, killAllChildren } from "./process.ts";
import { mayRun, ownName } from "./running-process.ts";
import { isWorkedIn } from "./working-folders.ts";

// Folders below TMPDIR hold secrets: variables, plans, states. They go away when their work is done and, at the latest,
// when our process ends; only a SIGKILL leaves them, for the next run to find. Their names say whose they are.

export interface TemporaryFolder {
  path: string;
  remove(): void;
  /** It holds what must not be lost: it stays when the process ends, and a later run salvages it. */
  keep(): void;
}

const live = new Set<string>();
const name = /^pve-home-(?:ssh|tf)-([0-9a-z]+-[0-9a-z]+-[0-9a-z]+)-\w{6}$/;
/** Where the system does not say whether Terraform still works in a folder: no apply takes that long, in milliseconds. */
const longestWorkMs = 24 * 60 * 60 * 1000;

/** A new folder only we can read. It is gone when the process ends, unless a child works in it that may outlive us. */
export function makeTemporaryFolder(kind: "ssh" | "tf"): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `pve-home-${kind}-${ownName()}-`));
  if (!process.listeners("exit").includes(removeAll)) process.once("exit", removeAll);
  live.add(path);
  return {
    path,
    remove: () => {
      remove(path);
      live.delete(path);
    },
    keep: () => void live.delete(path),
  };
}

/**
 * Removes what killed runs of this user left below TMPDIR, each folder after `salvage` took out of it what must not be
 * lost. Left alone: folders of a process that runs, and those a Terraform still works in. What cannot be removed is said.
 */
export function sweepLeftovers(salvage: (folder: string) => void, log: Log): void {
  for (const found of namesBelow(tmpdir())) {
    const owner = name.exec(found)?.[1];
    const folder = join(tmpdir(), found);
    try {
      if (owner === undefined || mayRun(owner) || !isOurs(folder) || isInUse(folder)) continue;
      salvage(folder);
      remove(folder);
    } catch (error) {
      // Another run may have removed it meanwhile.
      if (!existsSync(folder)) continue;
      log(`${folder} was left by a run that was killed, and could not be removed: ${messageOf(error)}`);
    }
  }
}

function namesBelow(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}

function isInUse(folder: string): boolean {
  return isWorkedIn(folder) ?? Date.now() - lstatSync(folder).mtimeMs < longestWorkMs;
}

function removeAll(): void {
  killAllChildren("SIGKILL");
  const lasting = foldersOfLastingChildren();
  for (const path of live) {
    if (lasting.some((folder) => `${folder}${sep}`.startsWith(`${path}${sep}`))) continue;
    try {
      remove(path);
    } catch {
      // The others are to go all the same; the next run says what it cannot remove.
    }
  }
}

/** What was killed a moment ago may still finish a system call in it. */
function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
}
