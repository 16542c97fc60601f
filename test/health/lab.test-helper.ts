import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { controlClient } from "../../lab/control-client.ts";
import { generateHostKey } from "../../lab/host-key.ts";
import { type RunningLab, startLab } from "../../lab/lab.ts";
import { freePort } from "../../lab/ports.ts";
import { systemClock } from "../../src/connect/clock.ts";
import { createHttpClient } from "../../src/connect/http/client.ts";
import { serviceWords } from "../../src/connect/http/service-words.ts";
import { createProxmoxClient } from "../../src/connect/proxmox/client.ts";
import type { ProxmoxClient } from "../../src/connect/proxmox/types.ts";
import { createSshClient } from "../../src/connect/ssh/client.ts";
import { trustHost } from "../../src/connect/ssh/known-hosts.ts";
import { checks } from "../../src/health/checks/index.ts";
import type { HealthRun } from "../../src/health/run.ts";
import { checkHealth } from "../../src/health/runner.ts";
import { type TrustRun, trustHosts } from "../../src/homelab/host-keys.ts";
import { trustedGuestsFile } from "../../src/homelab/trusted-guests.ts";
import type { Finding, HealthReport } from "../../src/model/health.ts";
import { inventorySchema } from "../../src/model/inventory.ts";
import { Secret } from "../../src/model/secret.ts";

const hourMs = 3_600_000;

/** A lab with guests that have been well for an hour, and everything a health run of them needs, in a folder of its own. */
export async function labUnderTest(guests = 6) {
  const folder = await mkdtemp(join(tmpdir(), "health-lab-"));
  const identityFile = join(folder, "id_ed25519");
  const { privateKey, publicKey } = generateHostKey();
  await writeFile(identityFile, privateKey, { mode: 0o600 });
  const lab = await startLab({ guests, nodes: ["pve1", "pve2"], sshPort: 0, authorizedKeys: [publicKey] });
  const control = controlClient(lab.facts);
  await control.serve("web-001", await freePort());
  const inventory = inventorySchema.parse(await control.inventory("prod"));
  const knownHostsFile = join(folder, "known_hosts");
  const trustNodes = () => {
    for (const node of lab.facts.ssh.nodes) {
      trustHost(knownHostsFile, { host: node.address, port: node.port }, node.hostKey);
    }
  };
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

  const http = createHttpClient(serviceWords, { kind: "system" });

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
      http,
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

  trustNodes();
  await trust();
  await control.clearCommands();
  await control.clearRequests();
  const world = structuredClone(lab.world);
  const files = [knownHostsFile, trustedGuestsFile(knownHostsFile)];
  const kept = await Promise.all(files.map(async (file) => [file, await readFile(file)] as const));

  /** Everything as it was at the start. */
  const reset = async () => {
    Object.assign(lab.world, structuredClone(world));
    // Also lets the SSH servers follow.
    await control.mend();
    for (const [file, content] of kept) await writeFile(file, content);
    await control.clearCommands();
    await control.clearRequests();
  };

  /** Installs a guest afresh, as destroying and applying again does, an hour ago. */
  const makeAnew = async (name: string) => {
    const { vmid } = await control.recreate(name);
    const guest = lab.world.guests[vmid];
    if (guest) guest.bootedAt = Date.now() - hourMs;
    await control.mend();
  };

  const close = async () => {
    for (const client of clients) client.close();
    http.close();
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

export type LabUnderTest = Awaited<ReturnType<typeof labUnderTest>>;

/** Whatever the checks send is something the lab knows from real guests. */
export async function expectKnownCommands({ control }: LabUnderTest) {
  expect((await control.commands()).filter((command) => !command.known)).toEqual([]);
}

export function rowsOf(report: HealthReport, component: string): Record<string, Finding> {
  const rows = report.findings.filter((finding) => finding.component === component);
  return Object.fromEntries(rows.map((finding) => [finding.check, finding]));
}

export function statusesOf(report: HealthReport, component: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rowsOf(report, component)).map(([check, finding]) => [check, finding.status]),
  );
}

/** Everything but the named components is ok: their trouble is not the others'. */
export function expectOthersWell(report: HealthReport, { inventory }: LabUnderTest, ...troubled: string[]) {
  const others = report.findings.filter((finding) => !troubled.includes(finding.component));
  expect(others.filter(({ status }) => status !== "ok" && status !== "skipped")).toEqual([]);
  const nodes = 2;
  expect(new Set(others.map((finding) => finding.component)).size).toBe(
    nodes + inventory.guests.length + inventory.services.length - troubled.length,
  );
}
