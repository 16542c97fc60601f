import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { seconds } from "../model/duration.ts";
import { outgoing } from "../model/outgoing-text.ts";
import { Problem } from "../model/problem.ts";
import { codeOf, kindOf, reasonOf } from "./system-error.ts";

/**
 * Writes a file so that a reader sees the old content or the new, never half: a temporary name in the same folder
 * (a dot file without the ending, so that no collector picks it up), then a rename. Missing folders are made. A link
 * stays, and what it leads to is replaced; a device or a pipe is written to.
 *
 * Text is written as it may leave the program, without secrets and control characters; bytes are written as they
 * are. Problem `file-unwritable` of kind `undetermined`.
 */
export function writeFileAtomic(
  file: string,
  content: string | Uint8Array,
  mode: 0o644 | 0o600 = 0o644,
): void {
  const bytes = typeof content === "string" ? Buffer.from(outgoing(content)) : content;
  try {
    const target = targetOf(file);
    if ("replace" in target) replace(target.replace, bytes, mode);
    else writeStream(target.stream, bytes);
  } catch (error) {
    throw unwritable(file, error);
  }
}

function replace(file: string, bytes: Uint8Array, mode: number): void {
  makeFolder(dirname(file));
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}`);
  try {
    writeFileSync(temporary, bytes, { mode, flag: "wx", flush: true });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

const mostLinks = 40;

/** Where the text goes: a regular file to replace, there or not, or what is written to as it is. */
function targetOf(file: string): { replace: string } | { stream: string | number } {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isDirectory()) throw new Error("it is a folder");
  const own: unknown[] = ["dev", "proc/self", `proc/${process.pid}`];
  let target = resolve(file);
  for (let links = 0; links < mostLinks; links += 1) {
    // `/dev/stdout` and its like: opened a second time, a file would be written over by who has it open.
    const open = /^\/(proc\/(?:\d+|self)|dev)\/fd\/(\d+)$/.exec(target);
    if (open !== null && own.includes(open[1])) return { stream: Number(open[2]) };
    const next = linkAt(target);
    if (next === undefined) break;
    target = resolve(dirname(target), next);
  }
  return stats === undefined || stats.isFile() ? { replace: target } : { stream: file };
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // No link, or nothing at all.
    return undefined;
  }
}

/** How long the reader of a pipe may read nothing. */
const patienceMs = 2000;
const pauseMs = 10;

/** Never waits for a reader to come: without one, opening it fails. */
function writeStream(stream: string | number, bytes: Uint8Array): void {
  const flags = constants.O_WRONLY | constants.O_NONBLOCK;
  const open = typeof stream === "number" ? stream : openSync(stream, flags);
  try {
    for (let written = 0, waited = 0; written < bytes.length; ) {
      try {
        written += writeSync(open, bytes, written);
        waited = 0;
      } catch (error) {
        if (codeOf(error) !== "EAGAIN") throw error;
        if (waited >= patienceMs) throw new Error(`its reader has read nothing for ${seconds(patienceMs)}`);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
        waited += pauseMs;
      }
    }
  } finally {
    if (open !== stream) closeSync(open);
  }
}

function unwritable(file: string, error: unknown): Problem {
  // Only what is there and is opened as it is can say so.
  const silent = codeOf(error) === "ENXIO";
  const reason = silent ? `it is ${kindOf(statSync(file))}, and nothing reads from it` : reasonOf(error);
  return new Problem({
    kind: "undetermined",
    code: "file-unwritable",
    message: `${file} cannot be written: ${reason}`,
    hint: "check that the folder exists, has room and may be written to by this user",
    cause: error,
  });
}

/**
 * Makes a folder and those above it that are missing, one at a time: Node's own recursive mkdir never returns where a
 * folder exists and none can be made in it, as below /proc.
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
      // Another process was faster.
      if (!statSync(one, { throwIfNoEntry: false })?.isDirectory()) throw error;
    }
  }
}
