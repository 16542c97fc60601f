import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fingerprintOf } from "../connect/ssh/known-hosts.ts";
import { manualClock } from "../health/clock.test-helper.ts";
import {
  clusterReplies,
  fakeProxmox,
  fakeSsh,
  inventoryOf,
  problem,
  type Replies,
} from "../health/health.test-helper.ts";
import { type TrustRun, trustHosts } from "./host-keys.ts";

const keyA = publicKey(1);
const keyB = publicKey(2);
const uuidA = "11111111-1111-4111-8111-111111111111";
const uuidB = "22222222-2222-4222-8222-222222222222";

function publicKey(seed: number): string {
  const wire = Buffer.concat([
    Buffer.from("\0\0\0\x0bssh-ed25519\0\0\0\x20", "latin1"),
    Buffer.alloc(32, seed),
  ]);
  return `ssh-ed25519 ${wire.toString("base64")}`;
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "host-keys-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

const readPath = "nodes/pve1/qemu/101/agent/file-read?file=%2Fetc%2Fssh%2Fssh_host_ed25519_key.pub";

/** A cluster with one VM, `web`, that shows this key and has this UUID. */
function vmReplies(key: string, uuid = uuidA): Replies {
  return {
    ...clusterReplies([{}]),
    [readPath]: { content: `${key} root@web\n` },
    "nodes/pve1/qemu/101/config": { name: "web", smbios1: `uuid=${uuid}`, digest: "x" },
  };
}

function runOf(knownHostsFile: string, facts: Partial<TrustRun> = {}): TrustRun {
  return {
    environment: "prod",
    inventory: inventoryOf({}),
    proxmox: fakeProxmox(vmReplies(keyA)),
    nodeSsh: () => {
      throw problem("node-address-unknown", "the address of node pve1 is not configured");
    },
    knownHostsFile,
    concurrency: 8,
    timeoutMs: 10_000,
    clock: manualClock(),
    log: () => undefined,
    ...facts,
  };
}

test("a new guest's key is read from its agent and written down, with whose it is", async () => {
  const path = await folder();
  const file = join(path, "known_hosts");
  expect(await trustHosts(runOf(file))).toEqual([
    { guest: "web", type: "vm", outcome: "added", fingerprint: fingerprintOf(keyA) },
  ]);
  expect(readFileSync(file, "utf8")).toBe(`10.0.0.101 ${keyA}\n`);
  expect(JSON.parse(readFileSync(join(path, "guests.json"), "utf8"))).toEqual({
    version: 1,
    hosts: {
      "[10.0.0.101]:22": {
        environment: "prod",
        name: "web",
        vmid: 101,
        identity: uuidA,
        fingerprint: fingerprintOf(keyA),
        trustedAt: "2026-01-01T00:00:00.000Z",
      },
    },
  });
});

test("the second time nothing changes", async () => {
  const path = await folder();
  const file = join(path, "known_hosts");
  await trustHosts(runOf(file));
  const before = readFileSync(join(path, "guests.json"), "utf8");
  const clock = manualClock();
  await clock.advance(60_000);
  expect(await trustHosts(runOf(file, { clock }))).toMatchObject([{ outcome: "unchanged" }]);
  expect(readFileSync(join(path, "guests.json"), "utf8")).toBe(before);
});

test("the key of a re-created guest is learned", async () => {
  const file = join(await folder(), "known_hosts");
  await trustHosts(runOf(file));
  const proxmox = fakeProxmox(vmReplies(keyB, uuidB));
  expect(await trustHosts(runOf(file, { proxmox }))).toEqual([
    {
      guest: "web",
      type: "vm",
      outcome: "replaced",
      fingerprint: fingerprintOf(keyB),
      previous: [fingerprintOf(keyA)],
      because: "re-created",
    },
  ]);
  expect(readFileSync(file, "utf8")).toBe(`10.0.0.101 ${keyB}\n`);
});

test("another key of the same guest is refused without --replace", async () => {
  const file = join(await folder(), "known_hosts");
  await trustHosts(runOf(file));
  const proxmox = fakeProxmox(vmReplies(keyB));
  const [refused] = await trustHosts(runOf(file, { proxmox }));
  expect(refused).toMatchObject({
    outcome: "failed",
    fingerprint: fingerprintOf(keyB),
    previous: [fingerprintOf(keyA)],
    problem: { code: "host-key-replaced-same-guest", hint: expect.stringContaining("web --replace") },
  });
  expect(readFileSync(file, "utf8")).toBe(`10.0.0.101 ${keyA}\n`);
  expect(await trustHosts(runOf(file, { proxmox, replace: true }))).toMatchObject([
    { outcome: "replaced", because: "asked" },
  ]);
  expect(readFileSync(file, "utf8")).toBe(`10.0.0.101 ${keyB}\n`);
});

test("another key than one that was not recorded is refused likewise", async () => {
  const path = await folder();
  const file = join(path, "known_hosts");
  await writeFile(file, `10.0.0.101 ${keyB}\n`);
  expect(await trustHosts(runOf(file))).toMatchObject([
    { outcome: "failed", problem: { code: "host-key-replaced-unrecorded" } },
  ]);
  expect(await readdir(path)).toEqual(["known_hosts"]);
});

test("a dry run reads and compares, and writes nothing", async () => {
  const path = await folder();
  const run = runOf(join(path, "known_hosts"), { dryRun: true });
  expect(await trustHosts(run)).toMatchObject([{ outcome: "added" }]);
  expect(await readdir(path)).toEqual([]);
});

test("a container's key is read through its node, and its network card is its identity", async () => {
  const file = join(await folder(), "known_hosts");
  const inventory = inventoryOf({ name: "dns", type: "lxc", vmid: 105, node: "pve2", ssh_port: 2222 });
  const proxmoxOf = (hwaddr: string) =>
    fakeProxmox({
      ...clusterReplies([{ vmid: 105, type: "lxc", name: "dns", node: "pve2" }]),
      "nodes/pve2/lxc/105/config": {
        hostname: "dns",
        net0: `name=eth0,bridge=vmbr0,hwaddr=${hwaddr},ip=dhcp`,
      },
    });
  const nodes: string[] = [];
  const runWith = (key: string, hwaddr: string) => {
    const ssh = fakeSsh(() => ({ exitCode: 0, output: `${key} root@dns` }));
    const nodeSsh = (node: string) => {
      nodes.push(node);
      return ssh.session({ host: "10.0.0.2", port: 22, user: "root" });
    };
    return { ssh, run: runOf(file, { inventory, proxmox: proxmoxOf(hwaddr), nodeSsh }) };
  };
  const first = runWith(keyA, "BC:24:11:00:00:01");
  expect(await trustHosts(first.run)).toMatchObject([{ guest: "dns", type: "lxc", outcome: "added" }]);
  expect(readFileSync(file, "utf8")).toBe(`[10.0.0.101]:2222 ${keyA}\n`);
  expect(nodes).toEqual(["pve2"]);
  expect(first.ssh.asked).toEqual(["root@10.0.0.2:22 pct exec 105 -- cat /etc/ssh/ssh_host_ed25519_key.pub"]);
  expect(await trustHosts(runWith(keyB, "BC:24:11:00:00:01").run)).toMatchObject([
    { outcome: "failed", problem: { code: "host-key-replaced-same-guest" } },
  ]);
  expect(await trustHosts(runWith(keyB, "BC:24:11:00:00:02").run)).toMatchObject([
    { outcome: "replaced", because: "re-created" },
  ]);
});

test.each([
  ["ssh-host-key-unknown", "node-host-key-unknown"],
  ["ssh-host-key-changed", "node-host-key-changed"],
])("%s of a container's node names the node and the setting that helps", async (code, told) => {
  const file = join(await folder(), "known_hosts");
  const inventory = inventoryOf({ name: "dns", type: "lxc", vmid: 105, node: "pve2" });
  const proxmox = fakeProxmox({
    ...clusterReplies([{ vmid: 105, type: "lxc", name: "dns", node: "pve2" }]),
    "nodes/pve2/lxc/105/config": { hostname: "dns" },
  });
  const ssh = fakeSsh(() => {
    throw problem(code, "root@10.0.0.2: its host key is not known yet", "pve-home hosts trust");
  });
  const nodeSsh = () => ssh.session({ host: "10.0.0.2", port: 22, user: "root" });
  const [outcome] = await trustHosts(runOf(file, { inventory, proxmox, nodeSsh }));
  expect(outcome).toMatchObject({ guest: "dns", outcome: "failed", problem: { code: told } });
  expect(outcome?.problem?.message).toMatch(/dns is read through its node pve2.* 10\.0\.0\.2/);
  expect(outcome?.problem?.hint).toBe(
    "in the shell of pve2: cat /etc/ssh/ssh_host_ed25519_key.pub; then in pve-home.yaml: ssh: { nodes: { pve2: { address: 10.0.0.2, host_key: ssh-ed25519 AAAA… } } }",
  );
});

test.each([
  ["no key at all", "hello\n"],
  ["an RSA key", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ root@web\n"],
  ["a key that is another type inside", `ssh-ed25519 ${"A".repeat(68)}\n`],
  ["two lines", `${keyA} root@web\n${keyB} root@web\n`],
])("%s in the file is not taken", async (_what, content) => {
  const path = await folder();
  const proxmox = fakeProxmox({ ...vmReplies(keyA), [readPath]: { content } });
  expect(await trustHosts(runOf(join(path, "known_hosts"), { proxmox }))).toMatchObject([
    { outcome: "failed", problem: { code: "host-key-unreadable" } },
  ]);
  expect(await readdir(path)).toEqual([]);
});

test("one guest that fails does not stop the others", async () => {
  const file = join(await folder(), "known_hosts");
  const inventory = inventoryOf(
    { name: "dhcp", vmid: 102, address: null },
    { name: "off", vmid: 103, address: "10.0.0.103" },
    { name: "gone", vmid: 104, address: "10.0.0.104" },
    { name: "box", vmid: 105, type: "lxc", address: "10.0.0.105" },
    { name: "quiet", vmid: 106, address: "10.0.0.106" },
    {},
  );
  const silent = () => {
    throw problem("proxmox-error", "QEMU guest agent is not running");
  };
  const proxmox = fakeProxmox({
    ...vmReplies(keyA),
    ...clusterReplies([
      {},
      { vmid: 102 },
      { vmid: 103, status: "stopped" },
      { vmid: 105, type: "lxc" },
      { vmid: 106, name: "quiet" },
    ]),
    [readPath.replace("101", "106")]: silent,
    "nodes/pve1/qemu/106/config": {},
    "nodes/pve1/lxc/105/config": {},
  });
  const outcomes = await trustHosts(runOf(file, { inventory, proxmox }));
  expect(outcomes.map(({ guest, outcome, problem }) => [guest, outcome, problem?.code])).toEqual([
    ["dhcp", "failed", "address-unknown"],
    ["off", "failed", "guest-not-running"],
    ["gone", "failed", "guest-not-running"],
    ["box", "failed", "node-address-unknown"],
    ["quiet", "failed", "host-key-unreadable"],
    ["web", "added", undefined],
  ]);
});

test("a selection that matches nothing is refused before anything is asked", async () => {
  const proxmox = fakeProxmox({});
  const run = runOf(join(await folder(), "known_hosts"), { proxmox, selection: { components: ["wbe"] } });
  await expect(trustHosts(run)).rejects.toMatchObject({ code: "selection-matches-nothing" });
  expect(proxmox.asked).toEqual([]);
});

test("a record that cannot be read is said, and nothing is overwritten", async () => {
  const path = await folder();
  await writeFile(join(path, "guests.json"), "{");
  await expect(trustHosts(runOf(join(path, "known_hosts")))).rejects.toMatchObject({
    kind: "configuration",
    code: "trusted-guests-unreadable",
    place: join(path, "guests.json"),
  });
  expect(await readdir(path)).toEqual(["guests.json"]);
});
