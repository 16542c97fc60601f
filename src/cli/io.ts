import { createInterface } from "node:readline";
import type { Log } from "../model/progress.ts";
import { terminalText } from "../report/terminal-text.ts";

/**
 * Everything a command may touch of the process it runs in. What it prints may be from anywhere: `terminalText` is on
 * the only way to stdout and stderr.
 */
export interface Io {
  /** The result, and nothing else. */
  out(text: string): void;
  /** On stderr. */
  log: Log;
  /** Columns of the terminal; 80 where there is none. */
  width: number;
  colour: boolean;
  /** Whether a question can be asked. */
  interactive: boolean;
  /** Asks for yes or no on the terminal; anything but a yes, the end of input or an interrupt is a no. */
  confirm(question: string): Promise<boolean>;
  cwd: string;
  env: Record<string, string | undefined>;
  /** Set by the command that ran. */
  exitCode: number;
  /** Fires on SIGINT, SIGTERM, SIGQUIT and SIGHUP. */
  interrupted: AbortSignal;
  /** Fires on the second of them; SIGHUP does not count. */
  killed: AbortSignal;
  /** Set by a command while it does what an interrupt may not cut short: only the second one ends it. */
  finishing: boolean;
}

export function processIo(interrupted: AbortSignal, killed: AbortSignal): Io {
  const terminal = process.stdout.isTTY === true;
  const colour = terminal && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  const logText = (text: string) => terminalText(text, colour && process.stderr.isTTY === true);
  return {
    out: (text) => void process.stdout.write(terminalText(text.endsWith("\n") ? text : `${text}\n`, colour)),
    log: (line) => void process.stderr.write(logText(`${line}\n`)),
    width: terminal ? process.stdout.columns || 80 : 80,
    colour,
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    confirm: (question) => askOnTerminal(logText(question), interrupted),
    cwd: process.cwd(),
    env: process.env,
    exitCode: 0,
    interrupted,
    killed,
    finishing: false,
  };
}

/** On stderr: stdout carries the result alone. */
function askOnTerminal(question: string, signal: AbortSignal): Promise<boolean> {
  // Without a line editor: it fails where the terminal is gone, and takes Ctrl-C for itself.
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  return new Promise((resolve) => {
    const settle = (answer: string) => {
      resolve(/^\s*y(es)?\s*$/i.test(answer));
      terminal.close();
    };
    terminal.once("close", () => resolve(false));
    // A terminal that is closed is an input that cannot be read, also after the answer.
    process.stdin.on("error", () => settle(""));
    signal.addEventListener("abort", () => settle(""), { once: true });
    terminal.question(`${question} [y/N] `, settle);
  });
}
