import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort } from "../../lab/ports.ts";
import { trustHost } from "../../src/connect/ssh/known-hosts.ts";
import {
  makeLogin,
  type SshTestServer,
  type SshTestServerOptions,
  startSshServer,
} from "../../src/connect/ssh/server.test-helper.ts";
import { measured } from "../bench/measured.ts";

// The command as it is, with the system's OpenSSH, against guests that send all they can.

const launcher = join(import.meta.dirname, "../../pve-home");
const servers: SshTestServer[] = [];

afterAll(async () => {
  for (const server of servers) await server.close();
});

/** Writes the chunk as often as the client takes it, `most` bytes of it. */
function pour(chunk: Buffer, most: number): NonNullable<SshTestServerOptions["onExec"]> {
  return (channel) => {
    let sent = 0;
    const more = () => {
      while (!channel.destroyed && channel.writable && sent < most) {
        sent += chunk.length;
        if (!channel.write(chunk)) return void channel.once("drain", more);
      }
      if (sent >= most) channel.end();
    };
    more();
  };
}

const megabyte = 2 ** 20;
const guests: Record<string, { options: Partial<SshTestServerOptions>; code?: string }> = {
  lines: { options: { onExec: pour(Buffer.from("output\n".repeat(5000)), Infinity) }, code: "ssh-too-much" },
  line: { options: { onExec: pour(Buffer.alloc(megabyte, "x"), 100 * megabyte) }, code: "ssh-too-much" },
  banner: { options: { endlessBanner: true }, code: "ssh-too-much" },
  quiet: { options: {} },
};

test("guests that send without end are failures of theirs alone, and fill no memory", async () => {
  const login = makeLogin();
  const declared = [];
  for (const [index, [name, { options }]] of Object.entries(guests).entries()) {
    const server = await startSshServer({ authorized: login.publicKey, ...options });
    servers.push(server);
    trustHost(join(login.home, "known_hosts"), server.target, server.hostKey);
    const { host: address, port: ssh_port, user: ssh_user } = server.target;
    const facts = { docker: false, agent: false, on_boot: true, tags: [] };
    declared.push({
      name,
      type: "vm",
      vmid: 101 + index,
      node: "pve1",
      address,
      ssh_port,
      ssh_user,
      ...facts,
    });
  }
  const folder = mkdtempSync(join(tmpdir(), "noisy-"));
  const inventory = { schema_version: 1, environment: "prod", guests: declared, services: [] };
  writeFileSync(join(folder, "prod.json"), JSON.stringify(inventory));
  const proxmox = { endpoint: `https://127.0.0.1:${await freePort()}`, api_token: "cmd:echo a@pve!b=c" };
  const settings = {
    environments: { prod: { inventory: "prod.json" } },
    proxmox,
    ssh: { identity_file: login.identityFile, config: "none", known_hosts: join(login.home, "known_hosts") },
    state_directory: "state",
  };
  writeFileSync(join(folder, "pve-home.yaml"), JSON.stringify(settings));
  const ran = await measured(folder, launcher, ["health", "--all", "--json", "--timeout", "60"]);
  const [environment] = JSON.parse(ran.stdout).environments;
  const found = environment.components
    .filter(({ type }: { type: string }) => type === "vm")
    .map((row: { component: string; checks: { check: string; status: string; code?: string }[] }) => {
      const ssh = row.checks.find(({ check }) => check === "ssh");
      return [row.component, ssh?.status, ssh?.code];
    });
  expect(found).toEqual(
    Object.entries(guests).map(([name, { code }]) => [name, code === undefined ? "ok" : "fail", code]),
  );
  // Read from /proc: elsewhere there is nothing to compare.
  if (process.platform === "linux") expect(ran.peakMb).toBeGreaterThan(20);
  expect(ran.peakMb).toBeLessThan(250);
});
