/** Everything a command may touch of the process it runs in. */
export interface Io {
  /** The result, and nothing else. */
  out(text: string): void;
  /** Progress and logs, a line each. */
  log(line: string): void;
  /** Columns of the terminal; 80 where there is none. */
  width: number;
  colour: boolean;
  /** Whether somebody can be asked. */
  interactive: boolean;
  cwd: string;
  env: Record<string, string | undefined>;
  /** Set by the command that ran. */
  exitCode: number;
  /** Fires on SIGINT and SIGTERM. */
  interrupted: AbortSignal;
}

export function processIo(interrupted: AbortSignal): Io {
  const terminal = process.stdout.isTTY === true;
  return {
    out: (text) => void process.stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    log: (line) => void process.stderr.write(`${line}\n`),
    width: terminal ? process.stdout.columns || 80 : 80,
    colour: terminal && !process.env.NO_COLOR && process.env.TERM !== "dumb",
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    cwd: process.cwd(),
    env: process.env,
    exitCode: 0,
    interrupted,
  };
}
