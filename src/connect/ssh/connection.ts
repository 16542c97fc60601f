import { readFileSync, rmSync } from "node:fs";
import { seconds } from "../../model/duration.ts";
import { callerEnvironment } from "../environment.ts";
import { type ChildResult, runChild } from "../process.ts";
import { createBatch } from "./batch.ts";
import { classify, isProxied, reasonIn, saysLoggedIn, sshProblem, withoutNotices } from "./failures.ts";
import type { CommandResult, ExecOptions, SshFailure, SshTarget } from "./types.ts";

/** A command whose result is awaited. Settling it twice does nothing. */
export interface Pending {
  command: string;
  options: ExecOptions;
  resolve(result: CommandResult): void;
  reject(error: unknown): void;
}

export interface ConnectionFacts {
  program: string;
  configFile: string;
  /** What `ssh` itself has to say is written there: its stderr is also that of the guest. Removed at the end. */
  logFile: string;
  identityFile: string | undefined;
  /** Ends the connection. */
  signal: AbortSignal;
}

/** Of each stream of one connection: answers are of some lines. At more than that it is ended. */
const maxOutputBytes = 1024 * 1024;
/** Of what was printed on stderr: the reason comes last, after what the server had to say. */
const tellingEnd = 8 * 1024;

/** One connection: resolves when it is closed and every command is settled. */
export async function converse(target: SshTarget, pending: Pending[], facts: ConnectionFacts): Promise<void> {
  const waiting = new Set(pending.keys());
  const ending = new AbortController();
  const batch = createBatch(
    pending.map(({ command }) => command),
    (index, result) => {
      waiting.delete(index);
      pending[index]?.resolve(result);
    },
  );
  const loggedIn = () => batch.loggedIn() || saysLoggedIn(read(facts.logFile));
  const problem = (failure: Parameters<typeof sshProblem>[0], why: string) =>
    sshProblem(failure, target, why, { identityFile: facts.identityFile });
  const limits = pending.map(({ options: { timeoutMs } }) =>
    typeof timeoutMs === "number" ? timeoutMs : timeoutMs(),
  );
  const late = (index: number) => {
    const limit = seconds(limits[index] ?? 0);
    if (!loggedIn()) return problem("timeout", `no login within ${limit}`);
    return problem("silent", `logged in, and no answer to "${pending[index]?.command}" within ${limit}`);
  };
  const timers = limits.map((limit, index) =>
    setTimeout(() => {
      if (!waiting.delete(index)) return;
      pending[index]?.reject(late(index));
      if (waiting.size === 0) ending.abort();
    }, limit),
  );
  const longest = Math.max(...limits);
  const fail = (error: unknown) => {
    for (const index of waiting) pending[index]?.reject(error);
    waiting.clear();
  };
  try {
    const result = await runChild({
      program: facts.program,
      args: argumentsFor(target, facts, longest),
      env: callerEnvironment((name) => !/^(TF_|PROXMOX_VE_)/.test(name)),
      stdin: batch.script,
      signal: AbortSignal.any([ending.signal, facts.signal]),
      // Answers that are complete do not wait for a connection that will not close.
      timeoutMs: longest,
      maxOutputBytes,
      endAtLimit: true,
      onStdout: batch.read,
    });
    if (waiting.size === 0) return;
    // The timers have fired, or are about to.
    if (result.truncated)
      fail(problem("too-much", `it printed more than ${maxOutputBytes / 1024 / 1024} MiB`));
    else if (result.timedOut) for (const index of waiting) pending[index]?.reject(late(index));
    else fail(problem(...whyEnded(result, read(facts.logFile), loggedIn())));
  } catch (error) {
    fail(error);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    rmSync(facts.logFile, { force: true });
  }
}

/**
 * Why there were no answers, by what `ssh` itself has logged. Exit code 255 and the text of stderr may be the guest's
 * once the login worked; before it, stderr has a jump host's reason and the guest's banner.
 */
function whyEnded(result: ChildResult, log: string, loggedIn: boolean): [SshFailure, string] {
  const said = withoutNotices(log);
  const printed = result.stderr.slice(-tellingEnd);
  if (result.exitCode !== 255 || (loggedIn && said.trim() === "")) return ["failed", endedEarly(result)];
  // The host key was right, and whatever comes now is one that was lost.
  if (loggedIn) return ["failed", reasonIn(said)];
  const failure = classify(said);
  if (failure === "failed" && isProxied(said)) return ["proxy", reasonIn(printed || said)];
  return [failure, reasonIn(said || printed)];
}

/** The log so far; `ssh` makes the file. */
function read(logFile: string): string {
  try {
    return readFileSync(logFile, "utf8");
  } catch {
    return "";
  }
}

function argumentsFor(
  target: SshTarget,
  { configFile, logFile }: ConnectionFacts,
  timeoutMs: number,
): string[] {
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
  const { host, port, user } = target;
  return [
    "-F",
    configFile,
    "-E",
    logFile,
    "-o",
    `ConnectTimeout=${seconds}`,
    // It tells of the login. Only here: a jump host's client reads the file, and its login is not the guest's.
    "-o",
    "LogLevel=VERBOSE",
    "-p",
    String(port),
    "-l",
    user,
    "--",
    host,
    "sh",
  ];
}

/** Without stderr, on which the server's banner comes, too. */
function endedEarly(result: ChildResult): string {
  const said = result.stdout.trim().split("\n").at(-1)?.trim() ?? "";
  const how = result.exitCode === null ? `signal ${result.signal}` : `exit code ${result.exitCode}`;
  return `the connection ended without an answer (${how}${said === "" ? "" : `: ${said}`})`;
}
