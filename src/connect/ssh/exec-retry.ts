import { isProblem } from "../../model/problem.ts";
import { type Clock, systemClock } from "../clock.ts";
import { type RetryOptions, retryWithBackoff } from "../retry.ts";
import type { CommandResult, RunOptions, SshFailure, SshSession } from "./types.ts";

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

const passing: readonly SshFailure[] = ["refused", "timeout", "silent", "unreachable", "failed"];

/**
 * Tries three times what one connection does, where the failure may pass: a refused, lost or silent connection, never a
 * host key or a refused login. Only for what may be repeated. `attempt` hands `timeoutMs` on to `session.run`.
 */
export function withSshRetry<T>(
  session: SshSession,
  options: SshRetry,
  attempt: (timeoutMs: () => number) => Promise<T>,
): Promise<T> {
  const clock: Clock = options.clock ?? systemClock;
  let deadline = "deadline" in options ? options.deadline : undefined;
  const left = () => {
    const now = clock.now();
    deadline ??= "deadline" in options ? options.deadline : now + options.timeoutMs;
    return Math.max(1, Math.round(deadline - now));
  };
  return retryWithBackoff(() => attempt(left), {
    ...options,
    what: `ssh ${session.target.user}@${session.target.host}`,
    deadline: () => deadline,
    retryable: (error) => passing.some((failure) => isProblem(error, `ssh-${failure}`)),
  });
}

/** `run`, tried again as `withSshRetry` does. Whatever exit code the command has is its answer. */
export function sshExecRetry(
  session: SshSession,
  command: string,
  options: SshRetry & Omit<RunOptions, "timeoutMs">,
): Promise<CommandResult> {
  const { stdin, onLine, ...retry } = options;
  const own = { ...(stdin === undefined ? {} : { stdin }), ...(onLine === undefined ? {} : { onLine }) };
  return withSshRetry(session, retry as SshRetry, (timeoutMs) => session.run(command, { ...own, timeoutMs }));
}

/** Whether the guest lets us in: resolves, or fails as `run` does. */
export async function checkSshAccess(session: SshSession, options: SshRetry): Promise<void> {
  await sshExecRetry(session, "true", options);
}
