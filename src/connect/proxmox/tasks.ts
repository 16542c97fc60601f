import { z } from "zod";
import { seconds } from "../../model/duration.ts";
import { isProblem, Problem } from "../../model/problem.ts";
import type { Log } from "../../model/progress.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { ProxmoxClient } from "./types.ts";
import { segment } from "./values.ts";

export interface TaskOptions {
  /** How long the task may take, in milliseconds. */
  timeoutMs: number;
  /** Ends the waiting; the task goes on. */
  signal?: AbortSignal;
  /** Gets the lines of the task's log as they appear. */
  onLine?: Log;
  clock?: Clock;
}

export interface TaskResult {
  /** How many warnings the task ended with; their text is in its log. */
  warnings: number;
}

/** From the first wait between two questions to the longest, in milliseconds; each is twice the one before. */
const waits = { firstMs: 100, longestMs: 1000 };
/** Lines of the log that an error shows. */
const tailLines = 5;
/** Proxmox sends 50 unless asked for more; a backup of a large disk writes some hundred. */
const linesAtOnce = 500;

const statusSchema = z.object({ status: z.string(), exitstatus: z.string().optional() });
const logSchema = z.array(z.object({ n: z.number(), t: z.string() }));

/**
 * Waits until a task has ended well, `WARNINGS: n` included. Problems: `proxmox-task-failed` (with the task's own error
 * and the end of its log), `proxmox-task-timeout` and `proxmox-task-left` (the signal fired; both times the task goes
 * on), `proxmox-task-id` for a text that names no task; besides those of the client. An API that does not answer for a
 * while is asked again until the time is up.
 */
export async function waitForTask(
  client: ProxmoxClient,
  upid: string,
  options: TaskOptions,
): Promise<TaskResult> {
  const { timeoutMs, signal, onLine, clock = systemClock } = options;
  const task = taskOf(upid);
  const path = `nodes/${segment(task.node)}/tasks/${segment(upid)}`;
  const deadline = clock.now() + timeoutMs;
  const lines: string[] = [];
  const limits = () => ({
    limitMs: Math.max(0, deadline - clock.now()),
    ...(signal === undefined ? {} : { signal }),
  });

  async function readLog(): Promise<void> {
    for (;;) {
      const query = { start: lines.length, limit: linesAtOnce };
      const rows = await client.get(`${path}/log`, logSchema, { ...limits(), query });
      // What Proxmox sends for a log without a line.
      const fresh = rows.filter(({ n, t }) => n > lines.length && !(n === 1 && t === "no content"));
      for (const { t } of fresh) {
        lines.push(t);
        onLine?.(t);
      }
      if (fresh.length < linesAtOnce) return;
    }
  }

  async function look(): Promise<TaskResult | undefined> {
    const { status, exitstatus = "" } = await client.get(`${path}/status`, statusSchema, limits());
    await readLog();
    if (status !== "stopped") return undefined;
    const warnings = /^WARNINGS: (\d+)$/.exec(exitstatus)?.[1];
    if (exitstatus === "OK" || warnings !== undefined) return { warnings: Number(warnings ?? 0) };
    throw failed(task, exitstatus, lines);
  }

  let silence: Problem | undefined;
  for (let wait = waits.firstMs; ; wait = Math.min(2 * wait, waits.longestMs)) {
    try {
      const result = await look();
      if (result !== undefined) return result;
      silence = undefined;
    } catch (error) {
      if (signal?.aborted) throw left(task, signal.reason);
      if (!isProblem(error, "proxmox-unreachable") && !isProblem(error, "proxmox-timeout")) throw error;
      silence = error;
    }
    try {
      await clock.sleep(Math.min(wait, Math.max(0, deadline - clock.now())), signal);
    } catch (error) {
      throw signal?.aborted ? left(task, signal.reason) : error;
    }
    if (clock.now() >= deadline) throw stillRuns(task, timeoutMs, silence);
  }
}

interface Task {
  upid: string;
  node: string;
  /** `qmstart of 101` */
  what: string;
}

/** `UPID:NODE:PID:PSTART:STARTTIME:TYPE:ID:USER:`, see PVE::Tools::upid_decode; the id may be empty. */
function taskOf(upid: string): Task {
  const [, node, type, id] =
    /^UPID:([^:\s]+):[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:([^:\s]+):([^:\s]*):[^:\s]+:$/i.exec(upid) ?? [];
  if (node === undefined || type === undefined) {
    throw new Problem({
      kind: "undetermined",
      code: "proxmox-task-id",
      message: `"${upid}" is not the id of a task`,
      hint: "for example: UPID:pve1:0003F2A1:01B7C4D2:68C1F0A3:qmstart:101:root@pam:",
    });
  }
  return { upid, node, what: id === "" ? type : `${type} of ${id}` };
}

function failed(task: Task, exitstatus: string, lines: readonly string[]): Problem {
  const tail = lines.filter((line) => line !== `TASK ERROR: ${exitstatus}`).slice(-tailLines);
  const end = tail.length === 0 ? "" : `; its log ends with: ${tail.join(" | ")}`;
  return taskProblem(task, "failed", `failed: ${exitstatus}${end}`);
}

function stillRuns(task: Task, timeoutMs: number, silence: Problem | undefined): Problem {
  const limit = `after ${seconds(timeoutMs)}`;
  const message =
    silence === undefined ? `still runs ${limit}` : `cannot be seen to end ${limit}: ${silence.message}`;
  return taskProblem(task, "timeout", message, silence);
}

function left(task: Task, reason: unknown): Problem {
  return taskProblem(task, "left", "goes on, and is not waited for any longer", reason);
}

function taskProblem(
  task: Task,
  code: "failed" | "timeout" | "left",
  message: string,
  cause?: unknown,
): Problem {
  return new Problem({
    kind: code === "left" ? "declined" : "undetermined",
    code: `proxmox-task-${code}`,
    message: `the task ${task.what} on ${task.node} ${message}`,
    place: task.node,
    hint: `on ${task.node}: pvenode task log ${task.upid}`,
    cause,
  });
}
