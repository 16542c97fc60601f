import { afterEach, expect, test } from "vitest";
import { fakeClock } from "../clock.test-helper.ts";
import { pingAgent, readGuestFile } from "./agent.ts";
import { listBackupJobs } from "./backup-jobs.ts";
import { createProxmoxClient } from "./client.ts";
import { guestConfig, listGuests } from "./guests.ts";
import { listNodes, version } from "./nodes.ts";
import { answer, connectionTo, startServer, type TestServer } from "./server.test-helper.ts";
import type { ProxmoxClient } from "./types.ts";

let server: TestServer;
let client: ProxmoxClient;

afterEach(async () => {
  client.close();
  await server.close();
});

/** A Proxmox that gives one answer to everything. */
async function answering(data: unknown, status = 200, message?: string): Promise<ProxmoxClient> {
  server = await startServer((_, response) => answer(response, data, status, message));
  client = createProxmoxClient(connectionTo(server), { clock: fakeClock() });
  return client;
}

test("listGuests reads cluster/resources", async () => {
  await answering([
    {
      id: "qemu/101",
      type: "qemu",
      vmid: 101,
      node: "pve1",
      name: "web",
      status: "running",
      template: 0,
      uptime: 12,
      tags: "prod;web",
      lock: "backup",
    },
    { id: "lxc/102", type: "lxc", vmid: 102, node: "pve2", status: "unknown" },
    { id: "qemu/900", type: "qemu", vmid: 900, node: "pve1", name: "tpl", status: "stopped", template: 1 },
  ]);
  await expect(listGuests(client)).resolves.toEqual([
    {
      vmid: 101,
      type: "vm",
      name: "web",
      node: "pve1",
      status: "running",
      template: false,
      uptime: 12,
      lock: "backup",
      tags: ["prod", "web"],
    },
    {
      vmid: 102,
      type: "lxc",
      name: "102",
      node: "pve2",
      status: "unknown",
      template: false,
      uptime: 0,
      lock: undefined,
      tags: [],
    },
    expect.objectContaining({ vmid: 900, template: true }),
  ]);
  expect(server.seen).toEqual(["GET /api2/json/cluster/resources?type=vm"]);
});

test("guestConfig keeps the values as Proxmox writes them", async () => {
  await answering({ cores: 2, net0: "virtio=AA", lxc: [["a", "b"]], digest: "d" });
  await expect(guestConfig(client, { node: "pve1", vmid: 102, type: "lxc" })).resolves.toEqual({
    cores: 2,
    net0: "virtio=AA",
    digest: "d",
  });
  expect(server.seen).toEqual(["GET /api2/json/nodes/pve1/lxc/102/config"]);
});

test("listNodes tells what is known of each node", async () => {
  await answering([
    { node: "pve1", status: "online", uptime: 9, cpu: 0.25, mem: 1, maxmem: 4 },
    { node: "pve2", status: "offline" },
  ]);
  await expect(listNodes(client)).resolves.toEqual([
    { node: "pve1", status: "online", uptime: 9, cpu: 0.25, memory: { used: 1, total: 4 } },
    { node: "pve2", status: "offline", uptime: 0, cpu: undefined, memory: undefined },
  ]);
});

test("version", async () => {
  await answering({ version: "9.1.1", release: "9.1", repoid: "abc" });
  await expect(version(client)).resolves.toEqual({ version: "9.1.1", release: "9.1" });
});

test("an agent that answers", async () => {
  await answering({ result: {} });
  await expect(pingAgent(client, { node: "pve1", vmid: 101 })).resolves.toBe("answers");
  expect(server.seen).toEqual(["POST /api2/json/nodes/pve1/qemu/101/agent/ping"]);
});

test.each([
  ["QEMU guest agent is not running", "agent-not-running"],
  ["No QEMU guest agent configured", "agent-not-configured"],
  ["VM 101 is not running", "guest-not-running"],
  ["VM 101 not running", "guest-not-running"],
  ["VM 101 qmp command 'guest-ping' failed - got timeout", "timeout"],
])("an agent that does not answer: %s", async (message, state) => {
  await answering(null, 500, message);
  await expect(pingAgent(client, { node: "pve1", vmid: 101 })).resolves.toBe(state);
});

test("what is no answer about the agent is thrown", async () => {
  await answering(null, 403, "Permission check failed (/vms/101, VM.GuestAgent.Audit)");
  await expect(pingAgent(client, { node: "pve1", vmid: 101 })).rejects.toMatchObject({
    code: "proxmox-forbidden",
  });
});

test("readGuestFile", async () => {
  await answering({ "bytes-read": 4, content: "text" });
  const file = { node: "pve1", vmid: 101, path: "/etc/ssh/ssh_host_ed25519_key.pub" };
  await expect(readGuestFile(client, file)).resolves.toBe("text");
  expect(server.seen).toEqual([
    "GET /api2/json/nodes/pve1/qemu/101/agent/file-read?file=%2Fetc%2Fssh%2Fssh_host_ed25519_key.pub",
  ]);
});

test("a file that is not in the guest", async () => {
  await answering(null, 500, "Agent error: failed to open file '/x' (mode: 'r'): No such file or directory");
  await expect(readGuestFile(client, { node: "pve1", vmid: 101, path: "/x" })).rejects.toMatchObject({
    code: "proxmox-not-found",
  });
});

test("listBackupJobs", async () => {
  await answering([
    { id: "backup-1", schedule: "02:00", storage: "local", vmid: "101,102", enabled: 0 },
    { id: "backup-2", all: 1, exclude: "900" },
  ]);
  await expect(listBackupJobs(client)).resolves.toEqual([
    {
      id: "backup-1",
      enabled: false,
      schedule: "02:00",
      storage: "local",
      all: false,
      pool: undefined,
      vmids: [101, 102],
      exclude: [],
    },
    {
      id: "backup-2",
      enabled: true,
      schedule: undefined,
      storage: undefined,
      all: true,
      pool: undefined,
      vmids: [],
      exclude: [900],
    },
  ]);
});
