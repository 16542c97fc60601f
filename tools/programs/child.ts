import { spawn } from "node:child_process";

export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The child is killed after this many milliseconds and counts as failed. */
  readonly timeoutMs?: number;
}

export interface ChildResult {
  /** 127 when the program cannot be started, 124 when its time is up. */
  readonly code: number;
  readonly stdout: string;
  /** stdout and stderr as they came. */
  readonly output: string;
}

/** Runs a program without a terminal and collects what it says. Never rejects. */
export function runChild(file: string, args: readonly string[], o: ChildOptions = {}): Promise<ChildResult> {
  return new Promise((resolve) => {
    let stdout = "";
    let output = "";
    let timedOut = false;
    const child = spawn(file, args, {
      cwd: o.cwd,
      env: o.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const timer = setTimeout(
      () => {
        timedOut = true;
        child.kill("SIGKILL");
      },
      o.timeoutMs ?? 2 ** 31 - 1,
    );
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const finish = (code: number): void => {
      clearTimeout(timer);
      resolve({ code, stdout, output });
    };
    child.on("error", (error) => {
      output += `${file}: ${error.message}\n`;
      finish(127);
    });
    child.on("close", (code) => finish(timedOut ? 124 : (code ?? 1)));
  });
}
