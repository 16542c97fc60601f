import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../api/testing.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ guests: 5, nodes: ["pve1", "pve2"] });
});
beforeEach(() => api.control.mend());
afterAll(() => api.close());

test("a wrong token is refused, an unknown call is named", async () => {
  const { url, token } = api.lab.facts.control;
  expect((await fetch(`${url}/status`, { headers: { authorization: "Bearer nonsense" } })).status).toBe(401);
  const unknown = await fetch(`${url}/nosuch`, { headers: { authorization: `Bearer ${token}` } });
  expect(await unknown.json()).toEqual({ error: "no such call: GET /nosuch" });
});

test("unknown faults, targets and guests are answered with what there is", async () => {
  const { control } = api;
  await expect(control.break("nosuch")).rejects.toThrow(/there are: api-hang, api-error/);
  await expect(control.break("agent-silent")).rejects.toThrow(
    /needs a guest; there are: .*10001 \(web-001\)/,
  );
  await expect(control.break("agent-silent", "nosuch")).rejects.toThrow(/no guest 'nosuch'/);
  await expect(control.break("node-offline", "pve9")).rejects.toThrow(/there are: pve1, pve2/);
  await expect(control.break("api-hang", "web-001")).rejects.toThrow(/no node 'web-001'; there are: pve1/);
  await expect(control.break("api-slow", "web-001")).rejects.toThrow(/takes no target/);
  await expect(control.mend("nosuch")).rejects.toThrow(/unknown fault/);
  await expect(control.stop("nosuch")).rejects.toThrow(/no guest 'nosuch'; there are/);
});

test("faults are switched on once and off by name, target or all", async () => {
  const { control, lab } = api;
  await control.break("agent-silent", "web-001");
  await control.break("agent-silent", "10001");
  await control.break("docker-down", "web-002");
  expect(lab.world.faults).toHaveLength(2);
  expect(await control.mend("agent-silent", "web-001")).toEqual([{ name: "agent-silent", target: "10001" }]);
  expect((await control.status()).faults).toEqual([{ name: "docker-down", target: "10002" }]);
  expect(await control.mend()).toHaveLength(1);
});

test("a recreated guest has the same settings and another identity", async () => {
  const before = structuredClone(api.lab.world.guests["10001"]);
  await api.control.recreate("web-001");
  const after = api.lab.world.guests["10001"];
  expect(after?.config).toMatchObject({ name: "web-001", memory: before?.config.memory });
  expect(after?.inside.hostKey.publicKey).not.toBe(before?.inside.hostKey.publicKey);
  for (const key of ["smbios1", "vmgenid", "net0"]) expect(after?.config[key]).not.toBe(before?.config[key]);
});

test("an unmanaged guest is created, edited, given Docker, and deleted with its disk", async () => {
  const { control, lab } = api;
  const made = await control.create({ name: "odd-one", kind: "lxc", address: "127.50.0.1/8", tags: "odd" });
  expect(made).toMatchObject({ kind: "lxc", name: "odd-one", status: "running" });
  expect(await control.config("odd-one", { memory: 1024, swap: null })).toMatchObject({ memory: 1024 });
  await control.docker("odd-one", "inactive");
  expect(lab.world.guests[made.vmid]?.inside.docker).toBe("inactive");
  expect((await control.stop("odd-one")).status).toBe("stopped");
  expect((await control.start("odd-one")).status).toBe("running");
  await expect(control.create({ vmid: made.vmid })).rejects.toThrow(/already exists/);
  await control.delete("odd-one");
  expect(JSON.stringify(lab.world)).not.toContain("odd-one");
});

test("a name stands for one guest: a second is not made, and where there are two neither is meant", async () => {
  const { control, lab } = api;
  await control.create({ vmid: 201, name: "db" });
  await expect(control.create({ name: "db" })).rejects.toMatchObject({
    code: "refused",
    message: "a guest named 'db' is there already: 201",
  });
  await control.create({ vmid: 202, name: "other" });
  await control.config("202", { name: "db" });
  await expect(control.config("db", { memory: 64 })).rejects.toThrow(
    "2 guests are named 'db'; say which by number: 201, 202",
  );
  await expect(control.break("agent-silent", "db")).rejects.toThrow(/201, 202/);
  expect(lab.world.guests["201"]?.config.memory).toBe("1024");
  for (const vmid of ["201", "202"]) await control.delete(vmid);
});

test("by hand, too, nothing is set that Proxmox refuses", async () => {
  const { control, lab } = api;
  const before = structuredClone(lab.world.guests);
  for (const [changes, text] of [
    [
      { memory: "abc" },
      "memory: invalid format - format error: memory.current: type check ('integer') failed - got 'abc'",
    ],
    [
      { foo: "bar" },
      "foo: property is not defined in schema and the schema does not allow additional properties",
    ],
    [{ cores: 4, foo: null }, "delete: unknown option 'foo'"],
  ] as const) {
    await expect(control.config("web-001", changes)).rejects.toThrow(
      `Parameter verification failed. ${text}`,
    );
  }
  await expect(control.create({ name: "weird name" })).rejects.toThrow(/name: .*valid DNS name/);
  await expect(control.create({ vmid: 7 })).rejects.toThrow("'7' is no number of a guest, for example 100");
  expect(lab.world.guests).toEqual(before);
});

test("the inventory is that of schema version 2", async () => {
  const inventory = await api.control.inventory("prod");
  expect(inventory).toMatchObject({ schema_version: 2, environment: "prod", services: [] });
  expect(inventory.guests.find(({ vmid }) => vmid === 10_002)).toEqual({
    name: "web-002",
    type: "vm",
    vmid: 10_002,
    node: "pve1",
    address: "127.20.0.2",
    ssh_user: "debian",
    ssh_port: api.lab.facts.ssh.guestPort,
    docker: true,
    agent: true,
    node_exporter: false,
    log_agent: null,
    started: true,
    on_boot: true,
    tags: ["docker", "web"],
  });
  expect(inventory.guests.some(({ vmid }) => vmid === 9000)).toBe(false);
  expect(inventory.nodes).toEqual(
    api.lab.facts.apis.map(({ node, endpoint }) => {
      const { port } = new URL(endpoint);
      return { name: node, address: "127.0.0.1", api_port: Number(port), node_exporter: false };
    }),
  );
});

test("the journal knows who asked what, and can be cleared", async () => {
  await api.control.clearRequests();
  await api.call("GET", "version");
  const { count, requests } = await api.control.requests();
  expect(count).toBe(1);
  expect(requests[0]).toMatchObject({
    method: "GET",
    path: "/api2/json/version",
    status: 200,
    user: "terraform@pve!pve-home",
  });
});

test("an offline node: shown as such, its guests unknown, its own calls without a route", async () => {
  await api.control.break("node-offline", "pve2");
  const { data } = await api.call("GET", "cluster/resources");
  const rows = data as { node?: string; type: string; status: string }[];
  expect(rows.find(({ node, type }) => node === "pve2" && type === "node")?.status).toBe("offline");
  expect(rows.filter(({ node, type }) => node === "pve2" && type === "qemu")).toSatisfy(
    (guests: { status: string }[]) => guests.length > 0 && guests.every(({ status }) => status === "unknown"),
  );
  expect((await api.call("GET", "nodes/pve2/status")).status).toBe(595);
  expect((await api.call("GET", "cluster/status")).data[2]).toMatchObject({ name: "pve2", online: 0 });
});

test("a broken API answers 500, a hanging one not at all; the control API lives on", async () => {
  await api.control.break("api-error");
  expect((await api.call("GET", "version")).status).toBe(500);
  await api.control.mend("api-error");
  await api.control.break("api-hang");
  await api.control.clearRequests();
  const answer = api.call("GET", "version").then(
    () => "answered",
    () => "cut",
  );
  await expect.poll(async () => (await api.control.requests()).count).toBe(1);
  expect((await api.control.status()).faults).toEqual([{ name: "api-hang" }]);
  await api.control.mend();
  expect(await answer).toBe("cut");
  expect((await api.call("GET", "version")).status).toBe(200);
});
