import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlClient } from "../../lab/control-client.ts";
import { guestName, newMac } from "../../lab/guest.ts";
import { generateHostKey } from "../../lab/host-key.ts";
import { type RunningLab, startLab } from "../../lab/lab.ts";
import { systemClock } from "../../src/connect/clock.ts";
import { createProxmoxClient } from "../../src/connect/proxmox/client.ts";
import type { ProxmoxClient } from "../../src/connect/proxmox/types.ts";
import { createSshClient } from "../../src/connect/ssh/client.ts";
import { trustHost } from "../../src/connect/ssh/known-hosts.ts";
import { checks } from "../../src/health/checks/index.ts";
import { type TrustRun, trustHosts } from "../../src/health/host-keys.ts";
import type { HealthRun } from "../../src/health/run.ts";
import { checkHealth } from "../../src/health/runner.ts";
import type { HealthReport } from "../../src/model/health.ts";
import { type Inventory, inventorySchema } from "../../src/model/inventory.ts";
import { Secret } from "../../src/model/secret.ts";

const hourMs = 3_600_000;

/** A lab with six guests, and everything a health run of them needs, in a folder of its own. */
export async function labUnderTest() {
  const folder = await mkdtemp(join(tmpdir(), "health-lab-"));
  const identityFile = join(folder, "id_ed25519");
  const { privateKey, publicKey } = generateHostKey();
  await writeFile(identityFile, privateKey, { mode: 0o600 });
  const lab = await startLab({ guests: 6, nodes: ["pve1", "pve2"], sshPort: 0, authorizedKeys: [publicKey] });
  const control = controlClient(lab.facts);
  const inventory = inventorySchema.parse(await control.inventory("prod"));
  const knownHostsFile = join(folder, "known_hosts");
  const trustNodes = () => {
    for (const node of lab.facts.ssh.nodes) {
      trustHost(knownHostsFile, { host: node.address, port: node.port }, node.hostKey);
    }
  };
  trustNodes();
  const clients: ProxmoxClient[] = [];
  const proxmoxAt = (endpoint: string, timeoutMs: number) => {
    const client = createProxmoxClient({
      endpoint,
      token: new Secret(lab.facts.tokens.monitor),
      tls: { kind: "fingerprint", sha256: lab.facts.fingerprint },
      timeoutMs,
    });
    clients.push(client);
    return client;
  };
  const ssh = createSshClient(
    { identityFile, knownHostsFile, concurrency: 32, userConfigFile: null },
    { home: folder },
  );

  const trust = (facts: Partial<TrustRun> = {}) =>
    trustHosts({
      environment: "prod",
      inventory,
      proxmox: proxmoxAt(lab.facts.endpoint, 10_000),
      nodeSsh: (name) => ssh.session(nodeTarget(lab, name)),
      knownHostsFile,
      concurrency: 8,
      timeoutMs: 10_000,
      clock: systemClock,
      log: () => undefined,
      ...facts,
    });

  const health = async (facts: Partial<HealthRun> & { endpoint?: string } = {}): Promise<HealthReport> => {
    const { endpoint = lab.facts.endpoint, timeoutMs = 10_000 } = facts;
    const proxmox = proxmoxAt(endpoint, timeoutMs);
    const [report] = await checkHealth({
      environments: [{ environment: "prod", inventory, proxmox, ssh }],
      checks,
      timeoutMs,
      bootGraceMs: 120_000,
      concurrency: 32,
      clock: systemClock,
      log: () => undefined,
      ...facts,
    });
    if (report === undefined) throw new Error("no report");
    return report;
  };

  /** Everything well: no faults, every guest up for an hour with its key known. */
  const reset = async () => {
    for (const guest of Object.values(lab.world.guests)) {
      if (guest.template) continue;
      guest.inside.files[authorizedKeysOf(inventory, guest.vmid)] = `${publicKey}\n`;
      if (guest.kind === "qemu") guest.config.smbios1 ??= `uuid=${randomUUID()}`;
      guest.status = "running";
      guest.bootedAt = Date.now() - hourMs;
    }
    await control.mend();
    await trust({ replace: true });
    await control.clearCommands();
    await control.clearRequests();
  };

  /** Installs a guest afresh, as destroying and applying again does: other numbers drawn, another host key. */
  const makeAnew = async (name: string) => {
    const { vmid } = await control.recreate(name);
    const guest = lab.world.guests[vmid];
    if (guest?.kind === "qemu") guest.config.smbios1 = `uuid=${randomUUID()}`;
    else if (guest)
      guest.config.net0 = String(guest.config.net0).replace(/hwaddr=[^,]+/, `hwaddr=${newMac()}`);
    await logIn(name);
  };

  /** Lets our key in again and the guest have booted long ago. */
  const logIn = async (name: string) => {
    const guest = Object.values(lab.world.guests).find((one) => guestName(one) === name);
    if (guest === undefined) throw new Error(`no guest ${name}`);
    guest.inside.files[authorizedKeysOf(inventory, guest.vmid)] = `${publicKey}\n`;
    guest.bootedAt = Date.now() - hourMs;
    await control.mend();
  };

  const close = async () => {
    for (const client of clients) client.close();
    await ssh.close();
    await lab.close();
    await rm(folder, { recursive: true });
  };

  return { lab, control, inventory, trust, health, reset, makeAnew, close, trustNodes, knownHostsFile };
}

function nodeTarget(lab: RunningLab, name: string) {
  const node = lab.facts.ssh.nodes.find((one) => one.name === name);
  if (node === undefined) throw new Error(`no node ${name}`);
  return { host: node.address, port: node.port, user: "root" };
}

function authorizedKeysOf(inventory: Inventory, vmid: number): string {
  const user = inventory.guests.find((guest) => guest.vmid === vmid)?.ssh_user ?? "root";
  return user === "root" ? "/root/.ssh/authorized_keys" : `/home/${user}/.ssh/authorized_keys`;
}
