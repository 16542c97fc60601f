import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { messageOf, Problem } from "../model/problem.ts";
import type { Secret } from "../model/secret.ts";
import { type Output, startChild } from "./start-child.ts";

export interface ChildRequest {
  /** A path, or a name that is looked for on the PATH of `env`. */
  program: string;
  /** Handed over as they are: there is no shell. Never a secret: every user can read them. */
  args: readonly string[];
  /** All of the child's environment, besides `LC_ALL=C`. */
  env: Readonly<Record<string, string | Secret>>;
  cwd?: string;
  stdin?: string;
  /** Milliseconds until the child is ended, with everything it started. */
  timeoutMs?: number;
  /** Ends the child likewise; the result is then a rejection with the signal's reason. */
  signal?: AbortSignal;
  /**
   * Asks the child alone, by SIGINT, to finish in its own time; its end is a result. Such a child is left to itself by
   * `killAllChildren`.
   */
  interrupt?: AbortSignal;
  /**
   * A folder for stdout and stderr, which are files then that we read as they grow: where we are killed, the child goes
   * on to its end, which a pipe without a reader would cut short.
   */
  outputFolder?: string;
  /** Bytes kept of each stream; what comes after is dropped and `truncated` is set. 64 MiB by default. */
  maxOutputBytes?: number;
  /** Ends the child, with everything it started, once a stream is larger than `maxOutputBytes`. */
  endAtLimit?: true;
  /** Gets stdout as it arrives, also what is past `maxOutputBytes`, unless that ends the child. */
  onStdout?: (text: string) => void;
  /** The same for stderr. */
  onStderr?: (text: string) => void;
  /** What to type when the program is missing. */
  missingHint?: string;
}

export interface ChildResult {
  /** null when a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  truncated: boolean;
}

const defaultMaxOutputBytes = 64 * 1024 * 1024;
/** From SIGTERM to SIGKILL. */
const graceMs = 2000;
/** How long output may still come when the child is gone but something it left behind holds its pipes open. */
const drainMs = 500;

const running = new Set<ChildProcess>();
/** Those that finish in their own time. */
const lasting = new Map<ChildProcess, string>();

/**
 * Runs a program to its end, in a process group of its own, without a terminal. Every exit code is a result.
 * Problem `program-missing` where it cannot be started.
 */
export async function runChild(request: ChildRequest): Promise<ChildResult> {
  request.signal?.throwIfAborted();
  request.interrupt?.throwIfAborted();
  const { child, outputs, finish } = startChild(request);
  if (request.interrupt === undefined) running.add(child);
  else lasting.set(child, request.cwd ?? "");
  const limit = request.maxOutputBytes ?? defaultMaxOutputBytes;
  const onLimit = request.endAtLimit === true ? () => end() : undefined;
  const stdout = collect(outputs.stdout, limit, request.onStdout, onLimit);
  const stderr = collect(outputs.stderr, limit, request.onStderr, onLimit);
  // A child that ends without reading its input is no error of ours.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(request.stdin ?? "");

  let timedOut = false;
  const timers: NodeJS.Timeout[] = [];
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    killGroup(child, "SIGTERM");
    timers.push(setTimeout(() => killGroup(child, "SIGKILL"), graceMs));
  };
  if (request.timeoutMs !== undefined) {
    const onTimeout = () => {
      timedOut = true;
      end();
    };
    timers.push(setTimeout(onTimeout, Math.max(0, request.timeoutMs)));
  }
  const ask = () => child.kill("SIGINT");
  request.signal?.addEventListener("abort", end, { once: true });
  request.interrupt?.addEventListener("abort", ask, { once: true });
  try {
    const { exitCode, signal } = await ended(child, timers).finally(finish);
    if (ending) killGroup(child, "SIGKILL");
    request.signal?.throwIfAborted();
    const truncated = stdout.truncated() || stderr.truncated();
    return { exitCode, signal, stdout: stdout.text(), stderr: stderr.text(), timedOut, truncated };
  } catch (error) {
    if (request.signal?.aborted) throw request.signal.reason;
    throw notStarted(request, error);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    request.signal?.removeEventListener("abort", end);
    request.interrupt?.removeEventListener("abort", ask);
    running.delete(child);
    lasting.delete(child);
  }
}

/**
 * Ends every child that is still running, with its whole process group, but for those that finish in their own time. For
 * the handlers of signals and, with SIGKILL, for the moment before our own process exits.
 */
export function killAllChildren(signal: NodeJS.Signals = "SIGTERM"): void {
  for (const child of running) killGroup(child, signal);
}

/** Where the children work that finish in their own time, and may outlive us. */
export function foldersOfLastingChildren(): string[] {
  return [...lasting.values()];
}

function ended(
  child: ChildProcess,
  timers: NodeJS.Timeout[],
): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
    child.once("exit", () => {
      const drop = () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      };
      timers.push(setTimeout(drop, drainMs));
    });
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}

function collect(stream: Output, limit: number, onText?: (text: string) => void, onLimit?: () => void) {
  const decoder = new StringDecoder("utf8");
  // Grows by doubling: kept one by one, a million chunks of a byte each would take a hundred times as much.
  let buffer = Buffer.alloc(0);
  let kept = 0;
  let seen = 0;
  stream.on("data", (chunk: Buffer) => {
    seen += chunk.length;
    const part = chunk.subarray(0, limit - kept);
    if (kept + part.length > buffer.length) {
      const size = Math.min(limit, Math.max(2 * buffer.length, kept + part.length));
      buffer = Buffer.concat([buffer.subarray(0, kept)], size);
    }
    kept += part.copy(buffer, kept);
    if (onLimit === undefined || seen <= limit) onText?.(decoder.write(chunk));
    else onLimit();
  });
  return { text: () => buffer.toString("utf8", 0, kept), truncated: () => seen > kept };
}

function notStarted(request: ChildRequest, error: unknown): Problem {
  if (request.cwd !== undefined && !existsSync(request.cwd)) {
    return new Problem({
      kind: "undetermined",
      code: "folder-missing",
      message: `${request.program} cannot be run in ${request.cwd}: there is no such folder`,
      cause: error,
    });
  }
  const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
  return new Problem({
    kind: "undetermined",
    code: "program-missing",
    message: missing
      ? `the program ${request.program} was not found`
      : `the program ${request.program} could not be started: ${messageOf(error)}`,
    hint: request.missingHint ?? `install ${request.program}, or put it on the PATH`,
    cause: error,
  });
}
