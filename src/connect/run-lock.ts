import { randomBytes } from "node:crypto";
import { linkSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { Problem } from "../model/problem.ts";
import { type Clock, systemClock } from "./clock.ts";
import { makeFolder } from "./files.ts";
import { readTextFile } from "./read-file.ts";
import { hasEnded, runningProcessSchema, thisProcess } from "./running-process.ts";

export interface RunLockRequest {
  /** The lock's own file; it is there as long as the lock is held. */
  file: string;
  /** The command that holds it, for the one that waits: `pve-home hosts trust`. */
  what: string;
  /** How long another process may go on holding it, in milliseconds; 30 s by default. */
  timeoutMs?: number;
  /** Ends the wait, with its reason. */
  signal?: AbortSignal;
  clock?: Clock;
}

const defaultTimeoutMs = 30_000;
/** How often a held lock is looked at, in milliseconds. */
const pollMs = 50;

const ownerSchema = runningProcessSchema.extend({
  /** Of this one lock; a name for a file. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  what: z.string(),
  /** ISO 8601, UTC. */
  since: z.string(),
});

type Owner = z.infer<typeof ownerSchema>;

/** The files of one lock, and what is in them as long as they are this lock's. */
interface Lock {
  file: string;
  /** The owner, whole before it becomes the lock. */
  prepared: string;
  text: string;
}

/** What this process has to remove when it ends. */
const ours = new Set<Lock>();

/**
 * Does the work while no other process, and nothing else in this one, holds the lock. For all that is read, changed and
 * written by several runs. The lock is released on every way out; that of a process that was killed is taken over, by
 * exactly one of those that wait. Problem `run-locked` (`undetermined`) where it is held for longer than `timeoutMs`.
 */
export async function withRunLock<T>(request: RunLockRequest, work: () => T | Promise<T>): Promise<T> {
  const { clock = systemClock, timeoutMs = defaultTimeoutMs } = request;
  const release = await take(request.file, { ...request, clock, deadline: clock.now() + timeoutMs });
  try {
    return await work();
  } finally {
    release();
  }
}

type Wait = RunLockRequest & { clock: Clock; deadline: number };

async function take(file: string, wait: Wait): Promise<() => void> {
  const { clock, what, signal, deadline } = wait;
  const id = randomBytes(8).toString("hex");
  const owner: Owner = { id, what, since: new Date(clock.now()).toISOString(), ...thisProcess() };
  const lock: Lock = { file, prepared: `${file}.${id}.new`, text: `${JSON.stringify(owner)}\n` };
  keep(lock);
  try {
    makeFolder(dirname(file));
    writeFileSync(lock.prepared, lock.text, { flag: "wx", flush: true });
    for (;;) {
      signal?.throwIfAborted();
      if (linked(lock.prepared, file)) break;
      const holder = read(file);
      if (typeof holder === "object" && hasEnded(holder)) {
        if (await takeOver(lock, holder, wait)) break;
        continue;
      }
      const left = deadline - clock.now();
      if (left <= 0) throw locked(file, holder);
      await clock.sleep(Math.min(pollMs, left), signal);
    }
  } catch (error) {
    release(lock);
    throw error;
  }
  remove(lock.prepared, lock.text);
  sweep(file);
  return () => release(lock);
}

/**
 * The lock of an ended process is replaced only under a second lock, which has that one lock's name: of two that saw
 * it, the later one finds another lock in its place.
 */
async function takeOver({ file, prepared }: Lock, ended: Owner, wait: Wait): Promise<boolean> {
  const done = await take(`${file}.${ended.id}`, wait);
  try {
    const now = read(file);
    if (typeof now !== "object" || now.id !== ended.id) return false;
    renameSync(prepared, file);
    return true;
  } finally {
    done();
  }
}

/** Processes that were killed while they waited, or took over, leave files of this lock that nothing needs any more. */
function sweep(file: string): void {
  for (const name of readdirSync(dirname(file))) {
    if (!name.startsWith(`${basename(file)}.`) || !/\.[0-9a-f]{16}(\.new)?$/.test(name)) continue;
    const left = join(dirname(file), name);
    const owner = read(left);
    if (typeof owner === "object" && hasEnded(owner)) rmSync(left, { force: true });
  }
}

/** A hard link is made whole or not at all, and never over another. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function read(file: string): Owner | "unreadable" | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readTextFile(file)));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "unreadable";
  }
}

function keep(lock: Lock): void {
  if (ours.size === 0) process.once("exit", releaseAll);
  ours.add(lock);
}

function release(lock: Lock): void {
  ours.delete(lock);
  if (ours.size === 0) process.off("exit", releaseAll);
  remove(lock.prepared, lock.text);
  remove(lock.file, lock.text);
}

function releaseAll(): void {
  for (const lock of ours) release(lock);
}

/** One that cannot be removed is taken over once this process has ended. */
function remove(file: string, text: string): void {
  try {
    if (readTextFile(file) === text) rmSync(file);
  } catch {
    // Mostly: it is not there.
  }
}

function locked(file: string, holder: Owner | "unreadable" | undefined): Problem {
  const message =
    typeof holder !== "object"
      ? `${file} is held, and does not say by which process`
      : `${holder.what} is running (process ${holder.pid} on ${holder.host}, since ${holder.since})`;
  return new Problem({
    kind: "undetermined",
    code: "run-locked",
    message,
    place: file,
    hint: `wait until it has ended; if no such process runs any more: rm ${file}`,
  });
}
