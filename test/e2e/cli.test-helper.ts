import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const main = join(import.meta.dirname, "../../src/cli/main.ts");
const terminal = join(import.meta.dirname, "../hostile/terminal.py");

export interface Ran {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Ctrl-C as soon as this is there. */
  interruptAt?: Promise<unknown>;
}

/** A run that has begun. */
export interface Started {
  done: Promise<Ran>;
  /** What it has written to stderr so far, or to its terminal. */
  said(): string;
  /** Ctrl-C. */
  interrupt(): void;
  /** To the program alone; not with a terminal. */
  signal(name: NodeJS.Signals): void;
  /** Types this on the terminal. */
  type(text: string): void;
  /** Closes the terminal, as a window is closed. */
  hangUp(): void;
  /** Waits for something that happens while it runs. */
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
}

/** A folder for one test: a home, a working folder and what the command line makes. */
export interface Desk {
  folder: string;
  path(...names: string[]): string;
  write(name: string, content: string | object): string;
  /** Names of all files below, relative. */
  files(below?: string): string[];
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** With a terminal of its own, stderr is part of stdout. */
  start(args: readonly string[], env?: Record<string, string>, on?: "terminal"): Started;
  /** What all runs so far have printed. */
  printed: string[];
  close(): void;
}

/** @param environments have no Terraform in them yet */
export function openDesk(...environments: string[]): Desk {
  const folder = mkdtempSync(join(tmpdir(), "pve-home-e2e-"));
  mkdirSync(join(folder, "home"));
  mkdirSync(join(folder, "tmp"));
  const path = (...names: string[]) => join(folder, ...names);
  const write: Desk["write"] = (name, content) => {
    const file = path(name);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 2));
    return file;
  };
  for (const name of environments) write(`infrastructure/proxmox/environments/${name}/main.tf`, "");
  const printed: string[] = [];
  const start: Desk["start"] = (args, env, on) => startProgram(folder, args, env, on, printed);
  return {
    folder,
    printed,
    path,
    write,
    files: (below = "") =>
      readdirSync(path(below), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(path(below).length))
        .map((name) => name.replace(/^\//, ""))
        .sort(),
    start,
    async run(args, { env, interruptAt } = {}) {
      const { done, interrupt } = start(args, env);
      // Also where that fails: no process is left behind.
      const [ran] = await Promise.all([done, interruptAt?.finally(interrupt)]);
      return ran;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function startProgram(
  folder: string,
  args: readonly string[],
  env: Record<string, string> | undefined,
  on: "terminal" | undefined,
  printed: string[],
): Started {
  const program = [process.execPath, main, ...args];
  const [command = "", ...rest] = on === undefined ? program : ["python3", terminal, ...program];
  const child = spawn(command, rest, {
    cwd: folder,
    env: { ...passedOn, HOME: join(folder, "home"), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined);
  if (on === undefined) child.stdin.end();
  const streams = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      streams[name] += text;
    });
  }
  let ended = false;
  const done = new Promise<Ran>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => {
      ended = true;
      printed.push(streams.stdout, streams.stderr);
      resolve({ exitCode, ...streams });
    });
  });
  return {
    done,
    said: () => (on === undefined ? streams.stderr : streams.stdout),
    interrupt: () => void child.kill("SIGINT"),
    signal: (name) => void child.kill(name),
    type: (text) => void child.stdin.write(text),
    hangUp: () => void child.stdin.end(),
    async until(condition) {
      while (!(await condition())) {
        if (ended) throw new Error(`it ended with ${child.exitCode}: ${streams.stderr}`);
        await setTimeout(20);
      }
    },
  };
}

/** What a user's shell would have as well, and what keeps a hundred starts of the program cheap. */
const passedOn = {
  PATH: process.env.PATH,
  GOGC: process.env.GOGC,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
};

/** Everything that was written below a folder, and what was printed, in one text. */
export function everythingIn(folder: string, ...printed: string[]): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return [...printed, ...files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))].join(
    "\n",
  );
}
