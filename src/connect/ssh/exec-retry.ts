import type { RetryOptions } from "../retry.ts";
import type { CommandResult, SshSession } from "./types.ts";

export type SshRetry = { timeoutMs: number } & Partial<
  Pick<RetryOptions, "attempts" | "baseMs" | "clock" | "log" | "signal">
>;

/** For commands that may be repeated. */
export declare function sshExecRetry(
  session: SshSession,
  command: string,
  options: SshRetry,
): Promise<CommandResult>;

/** Whether the guest lets us in: resolves, or fails as `exec` does. */
export declare function checkSshAccess(session: SshSession, options: SshRetry): Promise<void>;
