import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { generateHostKey } from "../../lab/host-key.ts";
import { freePort } from "../../lab/ports.ts";

const program = "/usr/sbin/sshd";

export interface Sshd {
  target: { host: string; port: number; user: string };
  /** `TYPE BASE64` */
  hostKey: string;
  folder: string;
  /** Comes first on the PATH of every login. */
  bin: string;
  /** Replaces authorized_keys. */
  authorize(...lines: string[]): void;
  close(): Promise<void>;
}

/**
 * A real OpenSSH server on 127.0.0.1, with a configuration, keys and a folder of its own, that lets in the user who runs
 * the tests.
 */
export async function startSshd(): Promise<Sshd> {
  if (!existsSync(program)) throw new Error(`${program} is missing: apt install openssh-server`);
  const folder = mkdtempSync(join(tmpdir(), "sshd-"));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const file = (name: string, text: string, mode = 0o600) => {
    writeFileSync(join(folder, name), text, { mode });
    return join(folder, name);
  };
  const key = generateHostKey();
  const port = await freePort();
  const user = userInfo().username;
  const configuration = file(
    "config",
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${file("host_key", key.privateKey)}`,
      `AuthorizedKeysFile ${file("authorized_keys", "")}`,
      `SetEnv PATH=${bin}:/usr/local/bin:/usr/bin:/bin`,
      "PidFile none",
      "UsePAM no",
      "StrictModes no",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitRootLogin prohibit-password",
      "Subsystem sftp internal-sftp",
      "",
    ].join("\n"),
  );
  const server = start(configuration);
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  let said = "";
  const listening = new Promise<void>((resolve) => {
    server.stderr.on("data", (chunk) => {
      said += chunk;
      if (said.includes("Server listening")) resolve();
    });
  });
  await Promise.race([listening, ended]);
  if (server.exitCode !== null) throw new Error(`sshd ended: ${said}`);
  return {
    target: { host: "127.0.0.1", port, user },
    hostKey: key.publicKey,
    folder,
    bin,
    authorize: (...lines) => void file("authorized_keys", `${lines.join("\n")}\n`),
    close: async () => {
      server.kill();
      await ended;
    },
  };
}

/** As root it wants /run/sshd, which only its service makes: it gets one in a mount namespace of its own. */
function start(configuration: string) {
  const args = ["-D", "-e", "-f", configuration];
  const root = userInfo().uid === 0 && !existsSync("/run/sshd");
  const prepared = 'mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec "$@"';
  const [command, ...rest] = root
    ? ["unshare", "-m", "sh", "-c", prepared, "sh", program, ...args]
    : [program, ...args];
  return spawn(command ?? program, rest, { stdio: ["ignore", "ignore", "pipe"] });
}

/** The text of a file that a login may or may not have written. */
export function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
