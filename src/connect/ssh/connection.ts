import { readFileSync, rmSync } from "node:fs";
import { seconds } from "../../model/duration.ts";
import { callerEnvironment } from "../environment.ts";
import { byLine } from "../lines.ts";
import { type ChildResult, runChild } from "../process.ts";
import { classify, isProxied, reasonIn, saysLoggedIn, sshProblem, withoutNotices } from "./failures.ts";
import type { CommandResult, RunOptions, SshFailure, SshTarget } from "./types.ts";

/** A command whose result is awaited. Settling it twice does nothing. */
export interface Pending {
  command: string;
  options: RunOptions;
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

/** One connection: resolves when it is closed and its command is settled. */
export async function converse(target: SshTarget, pending: Pending, facts: ConnectionFacts): Promise<void> {
  const { command, options, resolve, reject } = pending;
  const limit = typeof options.timeoutMs === "number" ? options.timeoutMs : options.timeoutMs();
  const problem = (failure: SshFailure, why: string) =>
    sshProblem(failure, target, why, { identityFile: facts.identityFile });
  const late = () => {
    const inTime = `within ${seconds(limit)}`;
    if (!saysLoggedIn(read(facts.logFile))) return problem("timeout", `no login ${inTime}`);
    return problem("silent", `logged in, and no answer to "${command}" ${inTime}`);
  };
  // A client that does not end at once when it is told to is not waited for.
  const timer = setTimeout(() => reject(late()), limit);
  try {
    const result = await runChild({
      program: facts.program,
      args: argumentsFor(target, facts, limit, command),
      env: callerEnvironment((name) => !/^(TF_|PROXMOX_VE_)/.test(name)),
      stdin: options.stdin ?? "",
      signal: facts.signal,
      timeoutMs: limit,
      maxOutputBytes,
      endAtLimit: true,
      ...(options.onLine === undefined ? {} : { onStdout: byLine(options.onLine) }),
    });
    const log = read(facts.logFile);
    const said = withoutNotices(log);
    const loggedIn = saysLoggedIn(log);
    const { exitCode, stdout, stderr } = result;
    if (result.truncated) reject(problem("too-much", `it printed more than ${maxOutputBytes / 2 ** 20} MiB`));
    else if (result.timedOut) reject(late());
    else if (exitCode === null) reject(problem("failed", howEnded(result)));
    else if (exitCode !== 255) resolve({ exitCode, stdout, stderr });
    // The host key was right, and whatever comes now is a connection that was lost, or the command's own exit code.
    else if (!loggedIn) reject(problem(...whyRefused(said, stderr.slice(-tellingEnd))));
    else if (said.trim() !== "") reject(problem("failed", reasonIn(said)));
    else resolve({ exitCode, stdout, stderr });
  } catch (error) {
    reject(error);
  } finally {
    clearTimeout(timer);
    rmSync(facts.logFile, { force: true });
  }
}

/** What an `ssh` that exited 255 before a login meant: its own log first, then a jump host's reason and the banner. */
function whyRefused(said: string, printed: string): [SshFailure, string] {
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
  { host, port, user }: SshTarget,
  { configFile, logFile }: ConnectionFacts,
  timeoutMs: number,
  command: string,
): string[] {
  const connectTimeout = ["-o", `ConnectTimeout=${Math.max(1, Math.ceil(timeoutMs / 1000))}`];
  // It tells of the login. Only here: a jump host's client reads the file, and its login is not the guest's.
  const logLevel = ["-o", "LogLevel=VERBOSE"];
  const place = ["-p", String(port), "-l", user, "--", host];
  return ["-F", configFile, "-E", logFile, ...connectTimeout, ...logLevel, ...place, command];
}

/** How a command ended that should have said more. Without stderr, on which the server's banner comes, too. */
export function howEnded(result: Pick<ChildResult, "stdout" | "exitCode" | "signal">): string {
  const said = result.stdout.trim().split("\n").at(-1)?.trim() ?? "";
  const how = result.exitCode === null ? `signal ${result.signal}` : `exit code ${result.exitCode}`;
  return `the connection ended without an answer (${how}${said === "" ? "" : `: ${said}`})`;
}
