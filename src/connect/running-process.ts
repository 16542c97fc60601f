import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

export const runningProcessSchema = z.object({
  pid: z.int().positive(),
  /** When it was started, in its system's own terms. */
  started: z.string(),
  host: z.string(),
  /** Linux: the machine's boot, and the namespace that the process number belongs to; empty elsewhere. */
  boot: z.string(),
  pids: z.string(),
});

/** Which process on which machine: a process number alone is given to another process later. */
export type RunningProcess = z.infer<typeof runningProcessSchema>;

export function thisProcess(): RunningProcess {
  return { pid: process.pid, started: startOf(process.pid) ?? "", ...machine() };
}

/** Whether the process has certainly ended. One of another machine or container cannot be looked at: false. */
export function hasEnded({ pid, started, host, boot, pids }: RunningProcess): boolean {
  const here = machine();
  if (boot !== here.boot) return host === here.host;
  if (boot === "" && host !== here.host) return false;
  if (pids !== here.pids) return false;
  if (!exists(pid)) return true;
  const start = startOf(pid);
  return start !== undefined && start !== started;
}

/** Our own process for a part of a file's name: letters, digits and hyphens. */
export function ownName(): string {
  const { pid, started, pids } = thisProcess();
  return [pid.toString(36), digest(started), digest(pids)].join("-");
}

/** Whether the process of an `ownName` on this machine runs; also true where that is not known here. */
export function mayRun(name: string): boolean {
  const [pid = "", started, pids] = name.split("-");
  if (pids !== digest(machine().pids)) return true;
  const number = Number.parseInt(pid, 36);
  if (!exists(number)) return false;
  const start = startOf(number);
  return start === undefined || digest(start) === started;
}

/** Short, because paths of sockets are: one of 16 million tells two processes of one number apart. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest().readUIntBE(0, 3).toString(36);
}

function machine(): Pick<RunningProcess, "host" | "boot" | "pids"> {
  if (process.platform !== "linux") return { host: hostname(), boot: "", pids: "" };
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return { host: hostname(), boot, pids: readlinkSync("/proc/self/ns/pid") };
}

/** Also a process that another user owns, and that /proc may hide (hidepid). */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Undefined where the system does not say; `ended` for a dead process that its parent has not collected. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== "linux") {
      const told = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
      return told.trim() || undefined;
    }
    // proc(5): after the name in parentheses come the state and, nineteen fields later, the start since boot.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return /^[ZX]/.test(fields[0] ?? "") ? "ended" : fields[19];
  } catch {
    return undefined;
  }
}
