import { isProblem } from "../../model/problem.ts";
import { type Clock, systemClock } from "../clock.ts";
import { type RetryOptions, retryWithBackoff } from "../retry.ts";
import type { CommandResult, SshFailure, SshSession } from "./types.ts";

export type SshRetry = (
  | {
      /** For all attempts together, in milliseconds, counted from when the first connection starts. */
      timeoutMs: number;
    }
  | {
      /** The same as a time of the clock, whenever the connection starts. */
      deadline: number;
    }
) &
  Partial<Pick<RetryOptions, "attempts" | "baseMs" | "clock" | "log" | "signal">>;

/** Failures that were logged: commands that share a connection fail with the same one. */
const told = new WeakSet<Error>();

const passing: readonly SshFailure[] = ["refused", "timeout", "silent", "unreachable", "failed"];

/**
 * `exec`, tried three times where the failure may pass: a refused, lost or silent connection, never a host key or
 * a refused login. Only for commands that may be repeated. Whatever exit code a command has is its answer.
 */
export function sshExecRetry(
  session: SshSession,
  command: string,
  options: SshRetry,
): Promise<CommandResult> {
  const clock: Clock = options.clock ?? systemClock;
  let deadline = "deadline" in options ? options.deadline : undefined;
  const left = () => {
    const now = clock.now();
    deadline ??= "deadline" in options ? options.deadline : now + options.timeoutMs;
    return Math.max(1, Math.round(deadline - now));
  };
  const attempt = () => session.exec(command, { timeoutMs: left });
  const log = (line: string, error: unknown) => {
    if (error instanceof Error && told.has(error)) return;
    if (error instanceof Error) told.add(error);
    options.log?.(line, error);
  };
  return retryWithBackoff(attempt, {
    ...options,
    log,
    what: `ssh ${session.target.user}@${session.target.host}`,
    deadline: () => deadline,
    retryable: (error) => passing.some((failure) => isProblem(error, `ssh-${failure}`)),
  });
}

/** Whether the guest lets us in: resolves, or fails as `exec` does. Shares the connection of other commands. */
export async function checkSshAccess(session: SshSession, options: SshRetry): Promise<void> {
  await sshExecRetry(session, "true", options);
}
