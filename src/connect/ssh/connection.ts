import { callerEnvironment } from "../environment.ts";
import { type ChildResult, runChild } from "../process.ts";
import { createBatch } from "./batch.ts";
import { classify, reasonIn, saysLoggedIn, sshProblem, withoutNotices } from "./failures.ts";
import type { CommandResult, ExecOptions, SshFailure, SshTarget } from "./types.ts";

/** A command that somebody waits for. Settling it twice does nothing. */
export interface Pending {
  command: string;
  options: ExecOptions;
  resolve(result: CommandResult): void;
  reject(error: unknown): void;
}

export interface ConnectionFacts {
  program: string;
  configFile: string;
  identityFile: string | undefined;
  /** Ends the connection. */
  signal: AbortSignal;
}

/** Of each stream of one connection: answers are of some lines. At more than that it is ended. */
const maxOutputBytes = 1024 * 1024;
/** Of what `ssh` printed: its reason comes last, after what the server and the guest had to say. */
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
  let notices = "";
  const loggedIn = () => batch.loggedIn() || saysLoggedIn(notices);
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
      args: argumentsFor(target, facts.configFile, longest),
      env: callerEnvironment((name) => !/^(TF_|PROXMOX_VE_)/.test(name)),
      stdin: batch.script,
      signal: AbortSignal.any([ending.signal, facts.signal]),
      // Answers that are complete do not wait for a connection that will not close.
      timeoutMs: longest,
      maxOutputBytes,
      endAtLimit: true,
      onStdout: batch.read,
      onStderr: (text) => {
        notices += text;
      },
    });
    const said = withoutNotices(result.stderr).slice(-tellingEnd);
    if (waiting.size === 0) return;
    // The timers have fired, or are about to.
    if (result.truncated)
      fail(problem("too-much", `it printed more than ${maxOutputBytes / 1024 / 1024} MiB`));
    else if (result.timedOut) for (const index of waiting) pending[index]?.reject(late(index));
    else if (result.exitCode === 255) fail(problem(failureOf(said, loggedIn()), reasonIn(said)));
    else fail(problem("failed", endedEarly({ ...result, stderr: said })));
  } catch (error) {
    fail(error);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/** A connection that times out after the login is one that was lost. */
function failureOf(stderr: string, loggedIn: boolean): SshFailure {
  const failure = classify(stderr);
  return failure === "timeout" && loggedIn ? "failed" : failure;
}

function argumentsFor(target: SshTarget, configFile: string, timeoutMs: number): string[] {
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
  const { host, port, user } = target;
  return [
    "-F",
    configFile,
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

function endedEarly(result: ChildResult): string {
  const said = `${result.stdout}\n${result.stderr}`.trim().split("\n").at(-1)?.trim() ?? "";
  const how = result.exitCode === null ? `signal ${result.signal}` : `exit code ${result.exitCode}`;
  return `the connection ended without an answer (${how}${said === "" ? "" : `: ${said}`})`;
}

/** `9.5 s`, `10 s` */
function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}
