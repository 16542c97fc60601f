import { spawn } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type Agent, openAgent } from "./agent.ts";
import { openMonitor } from "./monitor.ts";
import { channels } from "./qemu-arguments.ts";

/** A guest as a running QEMU process. */
export interface Machine {
  pid: number;
  agent: Agent;
  /** A QMP command without arguments: `system_reset`, `system_powerdown`, `stop`, `cont`. */
  command(name: string): Promise<void>;
  /** When the process has ended. */
  exited: Promise<void>;
  /** Waits for the end, this many milliseconds. Whether it has come. */
  endsWithin(milliseconds: number): Promise<boolean>;
  /** Ends the process: its disks are written whole, what runs in it is not asked. */
  stop(): Promise<void>;
}

/** QEMU closes its disks when it is asked to end; longer than this it never takes. */
const patience = 10_000;

/**
 * Starts QEMU in a folder, where its own messages go to `qemu.log`. The process ends with this one, also where this
 * one is killed.
 * @throws Error where it ends at once, with what it said
 */
export async function startMachine(folder: string, args: readonly string[]): Promise<Machine> {
  const log = await open(join(folder, "qemu.log"), "w+");
  try {
    // setpriv(1): the kernel sends the signal when the parent is gone, and QEMU then closes its disks.
    const child = spawn("setpriv", ["--pdeathsig", "TERM", "qemu-system-x86_64", ...args], {
      stdio: ["ignore", log.fd, log.fd, "pipe", "pipe"],
    });
    const exited = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    const agent = openAgent(child.stdio[channels.agent] as Duplex);
    const monitor = openMonitor(child.stdio[channels.monitor] as Duplex, agent.setOpen);
    const endsWithin = (milliseconds: number) => {
      const timer = new AbortController();
      const late = sleep(milliseconds, false, { signal: timer.signal }).catch(() => false);
      return Promise.race([exited.then(() => true), late]).finally(() => timer.abort());
    };
    // It answers its monitor once its command line is understood, disks and network are open.
    await Promise.race([monitor.run("query-status"), exited]);
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      const said = await log.readFile({ encoding: "utf8" });
      throw new Error(said.trim() || "setpriv or qemu-system-x86_64 was not found");
    }
    return {
      pid: child.pid,
      agent,
      command: monitor.run,
      exited,
      endsWithin,
      async stop() {
        child.kill("SIGTERM");
        if (!(await endsWithin(patience))) child.kill("SIGKILL");
        await exited;
      },
    };
  } finally {
    await log.close();
  }
}
