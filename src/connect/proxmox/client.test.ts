import type { IncomingMessage, ServerResponse } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { Secret } from "../../model/secret.ts";
import { fakeClock } from "../clock.test-helper.ts";
import { createProxmoxClient } from "./client.ts";
import { answer, connectionTo, startServer, type TestServer } from "./server.test-helper.ts";
import type { ProxmoxConnection } from "./types.ts";

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = await startServer(handler);
  open.push(server);
  return server;
}

function clientOf(server: TestServer, more: Partial<ProxmoxConnection> = {}) {
  const clock = fakeClock();
  const lines: string[] = [];
  const client = createProxmoxClient(connectionTo(server, more), { clock, log: (line) => lines.push(line) });
  open.push(client);
  return { client, clock, lines };
}

/** A server that takes connections and never says a word. */
async function silent(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a call carries the token, the query and the base path, and its data is parsed", async () => {
  const server = await serve((_, response) => answer(response, { vmid: 101, extra: true }));
  const { client } = clientOf(server, { endpoint: `${server.endpoint}some/path` });
  const schema = z.object({ vmid: z.number() });
  await expect(client.get("nodes/pve1/x", schema, { query: { type: "vm", n: 1 } })).resolves.toEqual({
    vmid: 101,
  });
  expect(server.seen).toEqual(["GET /api2/json/nodes/pve1/x?type=vm&n=1"]);
  expect(server.authorizations).toEqual(["PVEAPIToken=root@pam!test=aaaa-bbbb"]);
});

test("a POST sends a form", async () => {
  const server = await serve((_, response) => answer(response, "UPID:x"));
  const { client } = clientOf(server);
  await expect(client.post("x", { snapname: "a b", vmstate: 1 }, z.string())).resolves.toBe("UPID:x");
  expect(server.bodies).toEqual(["snapname=a+b&vmstate=1"]);
});

test("a token that is refused is looked for under the name of its setting", async () => {
  const server = await serve((_, response) => answer(response, null, 401, "no such token"));
  await expect(clientOf(server).client.get("x", z.unknown())).rejects.toMatchObject({
    hint: "check proxmox.api_token; on the node: pveum user token list root@pam",
  });
});

test("one connection serves many calls", async () => {
  const ports = new Set<number | undefined>();
  const server = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    answer(response, 1);
  });
  const { client } = clientOf(server);
  for (let call = 0; call < 3; call += 1) await client.get("x", z.number());
  expect(ports.size).toBe(1);
});

test.each([
  [401, "invalid token value!", "proxmox-unauthorized", "root@pam!test"],
  [403, "Permission check failed (/vms/101, VM.Audit)\n", "proxmox-forbidden", "lacks VM.Audit on /vms/101"],
  [403, "user != root@pam", "proxmox-forbidden", "user != root@pam"],
  [404, "no such thing", "proxmox-not-found", "no such thing"],
  [
    500,
    "Configuration file 'nodes/pve1/qemu-server/9.conf' does not exist",
    "proxmox-not-found",
    "does not exist",
  ],
  [500, "something broke\nbadly", "proxmox-error", "something broke; badly"],
  [501, "Method 'GET /x' not implemented", "proxmox-error", "501"],
])("status %i %s is %s, and not retried", async (status, text, code, words) => {
  const server = await serve((_, response) => answer(response, null, status, text));
  const { client, clock } = clientOf(server);
  await expect(client.get("x", z.unknown())).rejects.toMatchObject({
    kind: "undetermined",
    code,
    message: expect.stringContaining(words),
    place: `${server.endpoint}api2/json/x`,
  });
  expect(server.seen).toHaveLength(1);
  expect(clock.waits).toEqual([]);
});

test("a missing privilege comes with the command that grants it", async () => {
  const refuse = (text: string) =>
    serve((_, response) => answer(response, null, 403, `Permission check failed (${text})`));
  await expect(
    clientOf(await refuse("/vms/101, VM.Audit")).client.get("x", z.unknown()),
  ).rejects.toMatchObject({
    hint: expect.stringContaining("pveum role modify ROLE --append 1 --privs 'VM.Audit'"),
  });
  const other = clientOf(await refuse("/vms/101, VM.GuestAgent.FileRead|VM.GuestAgent.Unrestricted"));
  await expect(other.client.get("x", z.unknown())).rejects.toMatchObject({
    message: expect.stringContaining("lacks VM.GuestAgent.FileRead or VM.GuestAgent.Unrestricted"),
    hint: expect.stringContaining("--privs 'VM.GuestAgent.FileRead'"),
  });
});

test("the message is also taken from the reason phrase, and the fields that were wrong are named", async () => {
  const phrase = await serve((_, response) => {
    response.writeHead(500, "VM 101 is not running", {});
    response.end();
  });
  await expect(clientOf(phrase).client.get("x", z.unknown())).rejects.toThrow("500: VM 101 is not running");
  const fields = await serve((_, response) => {
    response.writeHead(400, {});
    response.end(JSON.stringify({ data: null, message: "wrong", errors: { vmid: "too small\n" } }));
  });
  await expect(clientOf(fields).client.get("x", z.unknown())).rejects.toThrow("wrong; vmid: too small");
});

test("a read is retried while what fails may pass", async () => {
  let calls = 0;
  const server = await serve((request, response) => {
    calls += 1;
    if (calls === 1) request.socket.destroy();
    else if (calls === 2) answer(response, null, 595, "No route to host");
    else answer(response, "fine");
  });
  const { client, clock, lines } = clientOf(server);
  await expect(client.get("x", z.string())).resolves.toBe("fine");
  expect(clock.waits).toEqual([1000, 2000]);
  expect(lines).toHaveLength(2);
});

test("a write is not retried, unless it is said to change nothing", async () => {
  const server = await serve((request) => request.socket.destroy());
  const { client, clock } = clientOf(server);
  await expect(client.post("x", {}, z.unknown())).rejects.toMatchObject({ code: "proxmox-unreachable" });
  expect(clock.waits).toEqual([]);
  await expect(client.post("x", {}, z.unknown(), { repeatable: true })).rejects.toThrow("(after 3 attempts)");
  expect(clock.waits).toEqual([1000, 2000]);
});

test("a port without a server is unreachable, after three attempts", async () => {
  const server = await startServer(() => undefined);
  await server.close();
  const { client, clock } = clientOf(server);
  await expect(client.get("x", z.unknown())).rejects.toMatchObject({
    code: "proxmox-unreachable",
    message: expect.stringMatching(/ECONNREFUSED.*\(after 3 attempts\)/),
  });
  expect(clock.waits).toEqual([1000, 2000]);
});

test("the retries of a call keep to its limit", async () => {
  const server = await serve((request) => request.socket.destroy());
  const { client, clock } = clientOf(server, { timeoutMs: 2500 });
  await expect(client.get("x", z.unknown())).rejects.toThrow("(after 2 attempts)");
  expect(clock.waits).toEqual([1000]);
});

test.each(["headers", "body", "handshake"])(
  "a server that hangs before the end of the %s ends in time",
  async (where) => {
    const server = await serve((_, response) => {
      if (where === "body") response.write('{"data":');
    });
    const endpoint = where === "handshake" ? await silent() : server.endpoint;
    const { client } = clientOf(server, { endpoint, timeoutMs: 150 });
    await expect(client.get("x", z.unknown())).rejects.toMatchObject({ code: "proxmox-timeout" });
  },
);

test("an abort ends the call with its reason, also during the handshake", async () => {
  const server = await serve(() => undefined);
  const { client } = clientOf(server, { endpoint: await silent() });
  const controller = new AbortController();
  const call = client.get("x", z.unknown(), { signal: controller.signal });
  setImmediate(() => controller.abort(new Error("interrupted")));
  await expect(call).rejects.toThrow("interrupted");
});

test.each([
  ["<html>", "no JSON"],
  ["[]", 'no "data"'],
  ['{"data":{"vmid":"x"}}', "data.vmid: expected"],
])("a reply %s is not what Proxmox answers", async (body, words) => {
  const server = await serve((_, response) => response.end(body));
  await expect(clientOf(server).client.get("x", z.object({ vmid: z.number() }))).rejects.toMatchObject({
    code: "proxmox-reply",
    message: expect.stringContaining(words),
  });
});

test.each([
  ["https://pve.example:8006/", "https://pve.example:8006/", "proxmox.endpoint: https://pve.example:8006/"],
  ["//other.example/x?y", "https://other.example/x?y", "proxmox.endpoint: https://other.example/"],
  ["/login", "https://127.0.0.1:PORT/login", "for example https://192.168.1.10:8006/"],
  ["http://pve.example/", "http://pve.example/", "for example https://192.168.1.10:8006/"],
  ["https://[", "https://[", "for example https://192.168.1.10:8006/"],
])(
  "a redirect to %s is reported with its target and what to set, and is not followed",
  async (location, to, hint) => {
    const server = await serve((_, response) =>
      response.writeHead(302, { Location: location }).end("<html>"),
    );
    await expect(clientOf(server).client.get("x", z.unknown())).rejects.toMatchObject({
      kind: "undetermined",
      code: "proxmox-redirect",
      message: expect.stringContaining(` to ${to.replace("PORT", new URL(server.endpoint).port)},`),
      hint: expect.stringContaining(hint),
    });
    expect(server.seen).toEqual(["GET /api2/json/x"]);
  },
);

test.each(["http://pve:8006", "pve:8006", ""])("the endpoint %j is refused", (endpoint) => {
  const connection = { endpoint, token: new Secret("x"), tls: { kind: "system" as const }, timeoutMs: 1 };
  expect(() => createProxmoxClient(connection)).toThrow("no https URL");
});
