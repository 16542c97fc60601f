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

/** Why a guest could not be asked; the `code` of the Problem that is thrown is `ssh-` and this word. */
export const sshFailures = [
  "host-key-changed",
  "host-key-unknown",
  "denied",
  "refused",
  "timeout",
  "unreachable",
  "unresolved",
  "failed",
] as const;

export type SshFailure = (typeof sshFailures)[number];

/**
 * One connection per guest and run: commands that are asked for in the same turn of the event loop travel
 * together in one `ssh HOST sh`, each with its own exit code. Only `refused`, `timeout`, `unreachable` and
 * `failed` are retried; a host key never is.
 */
export interface SshSession {
  exec(command: string, options: { deadline: number }): Promise<CommandResult>;
}

export interface SshClient {
  session(target: SshTarget): SshSession;
  close(): Promise<void>;
}
