import { execFile } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Guest, HostKey, World } from "../world.ts";
import { hostKeyFromSeed } from "./host-key.ts";
import { type SshContext, type SshServers, startSshServers } from "./servers.ts";

// For tests alone: a small world, and the system's OpenSSH pointed at it.

const randomHostKey = (): HostKey => hostKeyFromSeed(randomBytes(32));

/** A running guest that is ready, with Docker. `userKey` may log in. */
export function makeGuest(
  vmid: number,
  kind: Guest["kind"],
  userKey: string,
  changes: Partial<Guest> = {},
): Guest {
  const config: Guest["config"] =
    kind === "qemu"
      ? {
          name: `vm-${vmid}`,
          sshkeys: encodeURIComponent(`${userKey}\n`),
          scsi0: "local-lvm:d,size=20G",
          memory: 2048,
        }
      : { hostname: `ct-${vmid}` };
  return {
    vmid,
    node: "pve1",
    kind,
    template: false,
    status: "running",
    bootedAt: Date.now() - 3_600_000,
    config,
    snapshots: {},
    firewall: { options: {}, rules: [] },
    inside: {
      hostKey: randomHostKey(),
      docker: "active",
      agent: "running",
      bootSeconds: 0,
      files: kind === "lxc" ? { "/root/.ssh/authorized_keys": `${userKey}\n` } : {},
    },
    ...changes,
  };
}

/** One node, `pve1`, at 127.0.0.1 and any free port, with the storage `local`; no guests. */
export function makeWorld(rootKey: string): World {
  return {
    version: 1,
    nodes: {
      pve1: {
        name: "pve1",
        online: true,
        bootedAt: Date.now() - 86_400_000,
        cores: 4,
        memoryBytes: 2 ** 34,
        ssh: { address: "127.0.0.1", port: 0 },
        hostKey: randomHostKey(),
        authorizedKeys: [rootKey],
        firewall: { options: {}, rules: [] },
      },
    },
    guests: {},
    storages: {
      local: {
        storage: "local",
        type: "dir",
        content: "snippets",
        path: "/var/lib/vz",
        shared: 0,
        totalBytes: 1e9,
        volumes: {},
      },
    },
    pools: {},
    backupJobs: {},
    firewall: { options: {}, groups: {} },
    tokens: {},
    users: { "root@pam": { password: "root-password", privileges: {} } },
    faults: [],
  };
}

export interface Ran {
  code: number;
  out: string;
  err: string;
  /** Milliseconds. */
  took: number;
}

export interface TestLab {
  world: World;
  servers: SshServers;
  context: SshContext;
  folder: string;
  port: number;
  log: string[];
  /** How often the world was reported changed. */
  changes(): number;
  address(vmid: number): string;
  /** Runs an OpenSSH program with the generated configuration and the key `user`, unless `args` name another. */
  client(
    program: "ssh" | "sftp" | "scp",
    args: string[],
    input?: string | null,
    limitMs?: number,
  ): Promise<Ran>;
  /** Writes known_hosts from the host keys the world knows now. */
  trust(): void;
  stop(): Promise<void>;
}

/** The folder with a client's keys: `user` and `other`. */
export async function makeKeys(
  types: Record<string, string[]>,
): Promise<{ folder: string; publicKey(name: string): Promise<string> }> {
  const folder = mkdtempSync(join(tmpdir(), "pve-home-ssh-"));
  for (const [name, args] of Object.entries(types)) {
    await run(
      "ssh-keygen",
      ["-q", "-N", "", "-C", `${name}@test`, "-f", join(folder, name), ...args],
      folder,
    );
  }
  const publicKey = async (name: string) =>
    (await run("cat", [join(folder, `${name}.pub`)], folder)).out.trim();
  return { folder, publicKey };
}

/** Starts servers for the world; guests get addresses in 127.0.0.0/8 by vmid. */
export async function startTestLab(world: World, keyFolder: string): Promise<TestLab> {
  const folder = mkdtempSync(join(tmpdir(), "pve-home-lab-"));
  // Below the ports the system gives away, and in a network of its own: no other test's lab is in the way.
  const port = randomInt(20_000, 30_000);
  const log: string[] = [];
  let changes = 0;
  const network = randomInt(64, 250);
  const address = (vmid: number) => `127.${network}.${vmid >> 8}.${vmid & 255}`;
  const context: SshContext = {
    world,
    storageDirectory: (storage) => join(folder, storage),
    guestPort: port,
    ownAddresses: false,
    changed: () => {
      changes += 1;
    },
    log: (line) => void log.push(line),
    guestReady: (guest) => Date.now() >= (guest.bootedAt ?? 0) + guest.inside.bootSeconds * 1000,
    guestAddress: (guest) => address(guest.vmid),
  };
  mkdirSync(join(folder, "local"));
  const servers = await startSshServers(context);
  const known = join(folder, "known_hosts");
  const node = world.nodes.pve1;
  const trust = () => {
    const lines = Object.values(world.guests).map(
      (guest) => `[${address(guest.vmid)}]:${port} ${guest.inside.hostKey.publicKey}`,
    );
    lines.push(`[127.0.0.1]:${node?.ssh.port} ${node?.hostKey.publicKey}`);
    writeFileSync(known, `${lines.join("\n")}\n`);
  };
  trust();
  const config = join(folder, "config");
  const key = join(keyFolder, "user");
  writeFileSync(
    config,
    `Host node
  HostName 127.0.0.1
  Port ${node?.ssh.port}
  User root
  IdentityFile ${key}
Host *
  Port ${port}
  User debian
  IdentitiesOnly yes
  UserKnownHostsFile ${known}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  BatchMode yes
  ConnectTimeout 120
`,
  );
  const keyOf = (args: string[]) => (args.includes("-i") ? [] : ["-i", key]);
  return {
    world,
    servers,
    context,
    folder,
    port,
    log,
    changes: () => changes,
    address,
    client: (program, args, input, limitMs) =>
      run(program, ["-F", config, ...keyOf(args), ...args], folder, input, limitMs),
    trust,
    stop: async () => {
      await servers.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Runs a program with a private HOME and no agent; a failing program is a result, not an error, and one that
 * had to be ended after `limitMs` has the code -1. Input null: stdin stays open.
 */
export function run(
  program: string,
  args: string[],
  home: string,
  input: string | null = "",
  limitMs = 120_000,
): Promise<Ran> {
  const started = Date.now();
  const env = { PATH: process.env.PATH ?? "", HOME: home, LC_ALL: "C" };
  return new Promise((resolve) => {
    const child = execFile(program, args, { env, encoding: "utf8", timeout: limitMs }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, out, err, took: Date.now() - started });
    });
    child.stdin?.on("error", () => {});
    if (input !== null) child.stdin?.end(input);
  });
}
