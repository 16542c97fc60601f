import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pLimit from "p-limit";
import { Problem } from "../../model/problem.ts";
import { callerEnvironment, callerHome } from "../environment.ts";
import { noWorkspace } from "../no-workspace.ts";
import { runChild } from "../process.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../temporary-folders.ts";
import { clientConfig } from "./client-config.ts";
import { converse, type Pending } from "./connection.ts";
import type { SshClient, SshSession, SshSettings, SshTarget } from "./types.ts";

export interface SshDependencies {
  /** The client program; `ssh` on PATH by default. */
  program?: string;
  /** Where `.ssh` is looked for; the caller's home by default. */
  home?: string;
  /** `/etc/ssh/ssh_config` by default. */
  systemConfigFile?: string;
}

/** Post-quantum, and cheaper than the one before it: OpenSSH 9.9 has it, 10.0 prefers it by itself. */
const preferredKex = "mlkem768x25519-sha256";
const missingHint = "install the OpenSSH client (openssh-client)";
const defaultIdentities = ["id_ed25519", "id_ed25519_sk", "id_ecdsa", "id_ecdsa_sk", "id_rsa"];

/** Starts nothing yet: the first command writes the client's configuration and connects. */
export function createSshClient(settings: SshSettings, dependencies: SshDependencies = {}): SshClient {
  const { program = "ssh" } = dependencies;
  const limit = pLimit(settings.concurrency);
  const closing = new AbortController();
  const connections = new Set<Promise<void>>();
  const folder: Workspace = {};
  let configuration: Promise<string> | undefined;
  let opened = 0;

  async function connect(target: SshTarget, pending: Pending): Promise<void> {
    try {
      configuration ??= writeConfiguration(settings, dependencies, program, folder);
      const configFile = await configuration;
      await limit(() => {
        closing.signal.throwIfAborted();
        opened += 1;
        const logFile = `${configFile}.log-${opened}`;
        const { identityFile } = settings;
        const facts = { program, configFile, logFile, identityFile, signal: closing.signal };
        return converse(target, pending, facts);
      });
    } catch (error) {
      pending.reject(error);
    }
  }

  const openSession = (target: SshTarget): SshSession => ({
    target,
    run: async (command, options) => {
      closing.signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        const connection = connect(target, { command, options, resolve, reject });
        connections.add(connection);
        connection.finally(() => connections.delete(connection));
      });
    },
  });

  return {
    session: (target) => openSession(checked(target)),
    close: async () => {
      closing.abort(
        new Problem({ kind: "undetermined", code: "ssh-failed", message: "the SSH connections were closed" }),
      );
      await Promise.allSettled(connections);
      folder.made?.remove();
    },
  };
}

interface Workspace {
  made?: TemporaryFolder;
}

async function writeConfiguration(
  settings: SshSettings,
  dependencies: SshDependencies,
  program: string,
  folder: Workspace,
): Promise<string> {
  const { home = callerHome(), systemConfigFile = "/etc/ssh/ssh_config" } = dependencies;
  const kex = await runChild({
    program,
    args: ["-Q", "kex"],
    env: callerEnvironment((name) => name === "PATH"),
    missingHint,
  });
  const userConfigFile =
    settings.userConfigFile === undefined ? join(home, ".ssh", "config") : settings.userConfigFile;
  const own = defaultIdentities.map((name) => join(home, ".ssh", name)).filter((file) => existsSync(file));
  const text = clientConfig({
    identityFiles: [...new Set([settings.identityFile ?? [], own].flat())],
    knownHostsFiles: [
      join(home, ".ssh", "known_hosts"),
      join(home, ".ssh", "known_hosts2"),
      settings.knownHostsFile,
    ],
    includes: [userConfigFile, systemConfigFile].filter(
      (file) => file !== null && existsSync(file),
    ) as string[],
    preferredKex: kex.stdout.split("\n").filter((name) => name === preferredKex),
  });
  try {
    folder.made = makeTemporaryFolder("ssh");
    const file = join(folder.made.path, "config");
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  } catch (cause) {
    throw noWorkspace("ssh", "ssh cannot be given its configuration", cause);
  }
}

/** What comes from an inventory becomes an argument of `ssh`; `--` in front of it does not cover the user. */
function checked(target: SshTarget): SshTarget {
  const fine = (text: string) => /^[^\s\-@'"`$;&|<>()\\][^\s'"`$;&|<>()\\]*$/.test(text);
  if (fine(target.host) && fine(target.user)) return target;
  throw new Problem({
    kind: "configuration",
    code: "ssh-target",
    message: `"${target.user}" at "${target.host}" is not a user and host that ssh accepts`,
    hint: "look at address and ssh_user in the inventory",
  });
}
