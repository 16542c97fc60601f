import type { Guest } from "../world.ts";
import { encodeUpid, type TaskIdentity } from "./upid.ts";

export interface Task extends TaskIdentity {
  upid: string;
  log: string[];
  /** Unix seconds; set once stopped. */
  endtime?: number;
  /** `OK`, `WARNINGS: n` or the error; set once stopped. */
  exitstatus?: string;
}

export interface TaskWork {
  node: string;
  type: string;
  /** The vmid or volume the task is about; may be empty. */
  id: string;
  user: string;
  /** The guest that shows this lock until the task has ended. */
  lock?: { guest: Guest; name: string };
  /** Does the whole change, at the task's end. Whatever it throws is the task's error. */
  run(log: (line: string) => void): void | Promise<void>;
  /** The change is done before the call answers: for what takes Proxmox no time, and is not waited for. */
  atOnce?: boolean;
  /** Takes back what was prepared, if `run` was not reached or failed. */
  undo?(): void;
}

export interface TaskEngine {
  /** Starts a task and returns its UPID; the task is visible at once. */
  start(work: TaskWork): string;
  find(upid: string): Task | undefined;
  /** Where tasks take no time: once this one has ended, or hangs. At once where they take some. */
  settled(upid: string): Promise<void>;
  /** Newest first. */
  list(): Task[];
  /** Ends a running task as by `stop` in the web page: it fails with `interrupted by signal`. */
  cancel(upid: string): Promise<void>;
  /** Ends the tasks that would have ended while they were hanging. */
  resume(): Promise<void>;
  /** Those that run change nothing any more, and are never seen to end. */
  forgetRunning(): void;
}

export interface TaskSettings {
  /** How long each task takes; with 0 it has ended as soon as it can be asked about. */
  seconds: number;
  now(): number;
  /** Awaited after the change and before the task shows as stopped. */
  changed(): Promise<void>;
  /** Text of the error that every task ends with, while the fault is on. */
  failing(): string | undefined;
  /** Whether tasks whose time has come go on running. */
  hanging(): boolean;
}

/** Proxmox keeps about this many finished tasks in its index. */
const keptTasks = 1000;

/** Runs tasks: each waits, then changes the world in one step, as seen from outside. */
export function createTaskEngine(settings: TaskSettings): TaskEngine {
  const tasks = new Map<string, Task>();
  const running = new Map<
    string,
    { timer: NodeJS.Timeout; work: TaskWork; hangs: boolean; finish(): Promise<void> }
  >();
  /** Of those that take no time. */
  const settling = new Map<string, PromiseWithResolvers<void>>();
  const settle = (upid: string) => {
    settling.get(upid)?.resolve();
    settling.delete(upid);
  };
  let pid = 1000;

  const end = async (task: Task, work: TaskWork, perform: () => void | Promise<void>) => {
    running.delete(task.upid);
    let exitstatus = "OK";
    try {
      await perform();
    } catch (error) {
      work.undo?.();
      exitstatus = error instanceof Error ? error.message : String(error);
    }
    if (work.lock) delete work.lock.guest.lock;
    try {
      await settings.changed();
      task.log.push(exitstatus === "OK" ? "TASK OK" : `TASK ERROR: ${exitstatus}`);
      task.endtime = Math.floor(settings.now() / 1000);
      task.exitstatus = exitstatus;
    } finally {
      settle(task.upid);
    }
  };

  return {
    start(work) {
      const identity: TaskIdentity = {
        node: work.node,
        pid: ++pid,
        pstart: Math.floor(settings.now() / 10) % 0xffff_ffff,
        starttime: Math.floor(settings.now() / 1000),
        type: work.type,
        id: work.id,
        user: work.user,
      };
      const task: Task = { ...identity, upid: encodeUpid(identity), log: [] };
      if (work.lock) work.lock.guest.lock = work.lock.name;
      const perform = async () => {
        const failing = settings.failing();
        if (failing !== undefined) throw new Error(failing);
        await work.run((line) => task.log.push(line));
      };
      const done = work.atOnce ? perform() : undefined;
      done?.catch(() => undefined);
      const finish = () => end(task, work, () => done ?? perform());
      const timer = setTimeout(() => {
        if (!settings.hanging()) return void finish();
        current.hangs = true;
        settle(task.upid);
      }, settings.seconds * 1000);
      if (settings.seconds === 0) settling.set(task.upid, Promise.withResolvers());
      tasks.set(task.upid, task);
      const current = { timer, work, hangs: false, finish };
      running.set(task.upid, current);
      trim(tasks);
      return task.upid;
    },
    find: (upid) => tasks.get(upid),
    settled: (upid) => settling.get(upid)?.promise ?? Promise.resolve(),
    list: () => [...tasks.values()].reverse(),
    async cancel(upid) {
      const task = tasks.get(upid);
      const current = running.get(upid);
      if (!task || !current) return;
      clearTimeout(current.timer);
      await end(task, current.work, () => {
        throw new Error("interrupted by signal");
      });
    },
    async resume() {
      const hanging = [...running.values()].filter(({ hangs }) => hangs);
      await Promise.all(hanging.map(({ finish }) => finish()));
    },
    forgetRunning() {
      for (const [upid, { timer }] of running) {
        clearTimeout(timer);
        settle(upid);
      }
      running.clear();
    },
  };
}

function trim(tasks: Map<string, Task>): void {
  for (const task of tasks.values()) {
    if (tasks.size <= keptTasks) return;
    if (task.exitstatus !== undefined) tasks.delete(task.upid);
  }
}
