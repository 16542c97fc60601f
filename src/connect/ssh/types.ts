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
  stdout: string;
  /** With the server's banner in front. */
  stderr: string;
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

export interface RunOptions {
  /** What the command reads: the place for everything that is secret. Nothing by default. */
  stdin?: string;
  /**
   * Limit in milliseconds, counted from when the connection starts: waiting for a free place (`concurrency`) is not in
   * it. A function is asked at that moment.
   */
  timeoutMs: number | (() => number);
  /** Gets each line of stdout as it arrives. */
  onLine?: (line: string) => void;
}

export interface SshSession {
  readonly target: SshTarget;
  /**
   * One connection, in which the user's shell runs the command; every user of this machine can read the command. One
   * attempt (`sshExecRetry` tries again). Any exit code is a result. Fails with a Problem of kind `undetermined` whose
   * code is one of `sshFailures`; of stdout and stderr 1 MiB each is read, and what prints more is ended: `too-much`.
   */
  run(command: string, options: RunOptions): Promise<CommandResult>;
}

export interface SshClient {
  /** Opens nothing yet. A target that cannot be passed to `ssh` is a Problem `ssh-target`. */
  session(target: SshTarget): SshSession;
  /** Ends every connection and removes the temporary folder. */
  close(): Promise<void>;
}
