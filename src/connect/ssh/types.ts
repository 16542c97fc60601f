export interface SshTarget {
  /** An address or a name. */
  host: string;
  port: number;
  user: string;
}

/** Everything the generated client configuration needs; the user's and the system's own are included first. */
export interface SshSettings {
  /** A key to offer besides those of the user's agent and configuration. */
  identityFile?: string;
  /** Our own known_hosts, read after the user's. */
  knownHostsFile: string;
  /** The user's own ssh_config, `~/.ssh/config` by default; null: none is read. */
  userConfigFile?: string | null;
  /** Connections under way at once. */
  concurrency: number;
}

export interface CommandResult {
  exitCode: number;
  /** stdout and stderr together, without the trailing newline. */
  output: string;
}

/**
 * Why a guest could not be asked; the `code` of the Problem that is thrown is `ssh-` and this word. `timeout`: no login
 * in time; `silent`: logged in, and no answer in time; `proxy`: a jump host or a proxy command on the way failed;
 * `too-much`: more output than is read.
 */
export const sshFailures = [
  "host-key-changed",
  "host-key-unknown",
  "denied",
  "refused",
  "timeout",
  "silent",
  "unreachable",
  "unresolved",
  "proxy",
  "too-much",
  "failed",
] as const;

export type SshFailure = (typeof sshFailures)[number];

export interface ExecOptions {
  /**
   * Limit in milliseconds, counted from when the connection of this command starts: waiting for a free place
   * (`concurrency`) is not in it. A function is asked at that moment.
   */
  timeoutMs: number | (() => number);
}

/**
 * One connection per guest: commands that are asked for in the same turn of the event loop travel together in
 * one `ssh HOST sh`, one after the other, each with its own exit code and its own limit. A command is one line
 * and does not call `exit`. `exec` is one attempt (`sshExecRetry` tries again) and fails with a Problem of kind
 * `undetermined` whose code is one of `sshFailures`; commands that were answered before a connection died or
 * another one hung keep their answers.
 */
export interface SshSession {
  readonly target: SshTarget;
  exec(command: string, options: ExecOptions): Promise<CommandResult>;
}

export interface SshClient {
  /** The same session for the same target, always. */
  session(target: SshTarget): SshSession;
  /** Ends every connection and removes the temporary folder. */
  close(): Promise<void>;
}
