import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { link, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { textOf } from "./files.ts";
import { LabError } from "./lab-error.ts";

/** How long a lab that starts or ends in the folder is waited for, in milliseconds. */
const patience = 5000;

/**
 * Takes a lab's folder for this process; returns what gives it back. Of two at once one gets it. The lock of a
 * process that is gone holds nothing.
 * @throws LabError `already-running`, naming the process; the system's error where the folder cannot be written.
 */
export async function lockFolder(directory: string): Promise<() => Promise<void>> {
  const file = lockFile(directory);
  const mine = `${process.pid} ${startOf(process.pid)} ${randomBytes(6).toString("hex")}\n`;
  const prepared = unique(file);
  await writeFile(prepared, mine, { mode: 0o600 });
  try {
    for (const start = Date.now(); ; ) {
      if (await linked(prepared, file)) break;
      if (!existsSync(file)) continue;
      const holder = (await textOf(file)) ?? "";
      if (!holds(holder)) await takeAway(file, holder);
      // Without lab.json it is about to be up, or down: which of them, a moment tells.
      else if (existsSync(join(directory, "lab.json")) || Date.now() - start > patience) {
        const pid = holder.split(" ")[0];
        throw new LabError("already-running", `a lab runs in ${directory} already (process ${pid})`);
      } else await sleep(20);
    }
  } finally {
    await rm(prepared, { force: true });
  }
  return async () => {
    if ((await textOf(file)) === mine) await rm(file, { force: true });
  };
}

/** Whether a living process has the folder. */
export async function isFolderLocked(directory: string): Promise<boolean> {
  return holds((await textOf(lockFile(directory))) ?? "");
}

function lockFile(directory: string): string {
  return join(directory, "lab.lock");
}

function unique(file: string): string {
  return `${file}.${randomBytes(6).toString("hex")}.tmp`;
}

/** A hard link is made whole or not at all, and never over another. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

// Another process may have done the same and taken the folder since the lock was read: then its lock goes back.
async function takeAway(file: string, stale: string): Promise<void> {
  const aside = unique(file);
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  if (((await textOf(aside)) ?? "") !== stale) await linked(aside, file);
  await rm(aside, { force: true });
}

function holds(lock: string): boolean {
  const [pid = "", started = ""] = lock.trim().split(" ");
  return started !== "" && startOf(Number(pid)) === started;
}

/**
 * When a process was started, in its system's own terms: a number may be given to another process later.
 * Undefined where there is none, or a dead one that its parent has not collected.
 */
function startOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    if (process.platform !== "linux") {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" })
        .trim()
        .replaceAll(/\s+/g, "-");
    }
    // proc(5): after the name in parentheses come the state and, nineteen fields later, the start since boot.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return /^[ZX]/.test(fields[0] ?? "") ? undefined : `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}
