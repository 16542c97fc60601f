import { type ChildProcess, spawn } from "node:child_process";
import { styleText } from "node:util";

const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
const started = performance.now();

export function heading(number: number, total: number, text: string): void {
  const seconds = Math.round((performance.now() - started) / 1000);
  const line = `${number}/${total}  ${text}`;
  const clock = `${seconds} s`;
  console.log(
    `\n${paint("bold", line)}${" ".repeat(Math.max(1, 79 - line.length - clock.length))}${paint("dim", clock)}`,
  );
}

export function say(text: string): void {
  console.log(`     ${text}`);
}

export function good(text: string): void {
  console.log(`  ${paint("green", "✓")}  ${text}`);
}

export function bad(text: string): void {
  console.log(`  ${paint("red", "✗")}  ${text}`);
}

function paint(style: Parameters<typeof styleText>[0], text: string): string {
  return colour ? styleText(style, text, { validateStream: false }) : text;
}

const running = new Set<ChildProcess>();
let stopped = false;
let cleaning = false;

/** Ctrl-C ends what runs and starts nothing more: `run` rejects from then on. Cleaning up is not to be stopped. */
export function stopOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (cleaning) return;
      stopped = true;
      for (const child of running) child.kill(signal);
    });
  }
}

export function isStopped(): boolean {
  return stopped;
}

/** Waits for what still runs, and lets `run` work again. */
export async function cleanUp(): Promise<void> {
  cleaning = true;
  await Promise.all([...running].map((child) => new Promise((done) => child.once("close", done))));
}

export interface Ran {
  exitCode: number;
  output: string;
}

/** When a line of a program is shown: as it comes, when the program is done, or not at all. */
export type Show = (line: string) => "now" | "then" | "never";

/** Runs a program and waits; what it prints is shown indented. Rejects only when it cannot be started. */
export function run(
  program: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; cwd?: string; show: Show },
): Promise<Ran> {
  if (stopped && !cleaning) return Promise.reject(new Error("stopped"));
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: options.env,
      cwd: options.cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    let output = "";
    let rest = "";
    const held: string[] = [];
    const take = (text: string) => {
      output += text;
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const when = options.show(line);
        if (when === "now") printed(line);
        if (when === "then") held.push(line);
      }
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.once("error", reject);
    child.once("close", (code) => {
      running.delete(child);
      if (stopped && !cleaning) return reject(new Error("stopped"));
      held.forEach(printed);
      resolve({ exitCode: code ?? 1, output });
    });
  });
}

function printed(line: string): void {
  console.log(line === "" ? "" : `     ${line}`);
}

/** A command as a user would type it. */
export function typed(text: string): void {
  console.log(`     ${paint("dim", "$")} ${paint("cyan", text)}`);
}
