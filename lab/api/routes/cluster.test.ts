import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ guests: 6, nodes: ["pve1", "pve2"] });
});
afterAll(() => api.close());

type Row = Record<string, unknown>;
const resources = async (type?: string): Promise<Row[]> =>
  (await api.call("GET", "cluster/resources", type === undefined ? {} : { type })).data;

test("resources: the type is honoured, numbers are numbers", async () => {
  const vms = await resources("vm");
  expect(vms).toHaveLength(7);
  for (const row of vms) {
    for (const key of ["vmid", "maxcpu", "maxmem", "mem", "maxdisk", "disk", "uptime", "netin", "netout"]) {
      expect(Number.isInteger(row[key]), key).toBe(true);
    }
  }
  expect((await resources("node")).map((row) => row.id)).toEqual(["node/pve1", "node/pve2"]);
  expect(await resources("storage")).toHaveLength(4);
  expect((await api.call("GET", "cluster/resources", { type: "nosuch" })).status).toBe(400);
});

test("resources: a change is seen at once", async () => {
  const row = async () => (await resources("vm")).find(({ vmid }) => vmid === 10_001);
  expect(await row()).toMatchObject({ status: "running", name: "web-001", template: 0 });
  await api.control.config("10001", { name: "renamed", memory: 512, tags: "x" });
  await api.control.stop("10001");
  expect(await row()).toMatchObject({
    status: "stopped",
    name: "renamed",
    maxmem: 512 * 1024 ** 2,
    tags: "x",
    uptime: 0,
  });
  await api.control.config("renamed", { name: "web-001", tags: null });
  expect(await row()).not.toHaveProperty("tags");
});

test("resources: what may not be seen is left out", async () => {
  const one = api.as({ "/vms/10002": ["VM.Audit"] });
  const { data } = await one("GET", "cluster/resources");
  expect(data.map((row: Row) => row.id)).toEqual(["qemu/10002", "node/pve1", "node/pve2"]);
  expect(data[1]).toEqual({ id: "node/pve1", type: "node", node: "pve1", status: "online" });
});

test("a pool's members are seen through the pool", async () => {
  await api.call("POST", "pools", { poolid: "web", comment: "guests" });
  await api.call("PUT", "pools?poolid=web", { vms: "10003,10004" });
  const member = api.as({ "/pool/web": ["VM.Audit", "Pool.Audit"] });
  const { data } = await member("GET", "cluster/resources", { type: "vm" });
  expect(data).toMatchObject([{ vmid: 10_003, pool: "web" }, { vmid: 10_004 }]);
  const single = await member("GET", "pools", { poolid: "web" });
  expect(single.data).toMatchObject([
    { poolid: "web", comment: "guests", members: [{ id: "qemu/10003" }, { vmid: 10_004 }] },
  ]);
  expect((await api.call("DELETE", "pools/web")).reason).toContain("is not empty");
  await api.call("PUT", "pools/web", { vms: "10003,10004", delete: 1 });
  expect((await api.call("DELETE", "pools?poolid=web")).status).toBe(200);
});

test("status: the cluster first, one local node; the next free id", async () => {
  const { data } = await api.call("GET", "cluster/status");
  expect(data).toMatchObject([
    { type: "cluster", nodes: 2, quorate: 1 },
    { id: "node/pve1", online: 1, local: 1 },
    { id: "node/pve2", online: 1, local: 0 },
  ]);
  expect((await api.call("GET", "cluster/nextid")).data).toBe("100");
  expect(await api.call("GET", "cluster/nextid", { vmid: 10_001 })).toMatchObject({
    status: 400,
    body: { errors: { vmid: "VM 10001 already exists" } },
  });
});

test("nodes: list, status, network; an unknown one does not resolve", async () => {
  const { data } = await api.call("GET", "nodes");
  expect(data[0]).toMatchObject({
    node: "pve1",
    status: "online",
    ssl_fingerprint: api.lab.facts.fingerprint,
  });
  const status = (await api.call("GET", "nodes/pve1/status")).data;
  expect(status.memory.used + status.memory.free).toBe(status.memory.total);
  expect(status.loadavg).toHaveLength(3);
  const network = (await api.call("GET", "nodes/pve1/network", { type: "bridge" })).data;
  expect(network).toMatchObject([{ iface: "vmbr0", address: "127.0.0.1", priority: 4 }]);
  expect((await api.call("GET", "nodes/nosuch/status")).reason).toContain("hostname lookup 'nosuch' failed");
});

test("lists that are empty are lists", async () => {
  for (const path of ["pools", "cluster/ha/resources", "cluster/replication", "nodes/pve1/replication"]) {
    expect((await api.call("GET", path)).data, path).toEqual([]);
  }
});
