import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakeClock } from "../clock.test-helper.ts";
import type { TlsTrust } from "../http/types.ts";
import { createProxmoxClient } from "./client.ts";
import { version } from "./nodes.ts";
import { answer, connectionTo, startServer, type TestServer } from "./server.test-helper.ts";

let server: TestServer;
let misnamed: TestServer;

beforeAll(async () => {
  const handler: Parameters<typeof startServer>[0] = (_, response) =>
    answer(response, { version: "9.1.1", release: "9.1" });
  server = await startServer(handler);
  misnamed = await startServer(handler, "pve.example");
});

afterAll(async () => {
  await server.close();
  await misnamed.close();
});

async function ask(to: TestServer, tls: TlsTrust, more: { endpoint?: string } = {}): Promise<string> {
  const client = createProxmoxClient(connectionTo(to, { tls, ...more }), { clock: fakeClock() });
  try {
    return (await version(client)).version;
  } finally {
    client.close();
  }
}

test("a certificate of the CA file is trusted", async () => {
  await expect(ask(server, { kind: "ca-file", path: server.caFile })).resolves.toBe("9.1.1");
});

test.each([
  ["as Proxmox prints it", (f: string) => f],
  ["in small letters", (f: string) => f.toLowerCase()],
  ["without colons", (f: string) => f.replaceAll(":", "")],
])("a pinned fingerprint is trusted %s", async (_, write) => {
  const tls: TlsTrust = { kind: "fingerprint", sha256: write(server.fingerprint) };
  await expect(ask(server, tls)).resolves.toBe("9.1.1");
});

test("trust can be switched off", async () => {
  await expect(ask(misnamed, { kind: "off" })).resolves.toBe("9.1.1");
});

test("an unknown certificate is refused before the token is sent, with the fingerprint to pin", async () => {
  const before = server.seen.length;
  await expect(ask(server, { kind: "system" })).rejects.toMatchObject({
    kind: "undetermined",
    code: "proxmox-tls",
    message: expect.stringContaining(server.fingerprint),
    hint: expect.stringContaining(`proxmox.tls.fingerprint: ${server.fingerprint}`),
  });
  expect(server.seen).toHaveLength(before);
});

test("another certificate than the pinned one is refused before the token is sent", async () => {
  const before = misnamed.seen.length;
  await expect(ask(misnamed, { kind: "fingerprint", sha256: server.fingerprint })).rejects.toMatchObject({
    code: "proxmox-tls",
    message: expect.stringContaining(misnamed.fingerprint),
  });
  expect(misnamed.seen).toHaveLength(before);
});

test("an empty pin trusts no server", async () => {
  await expect(ask(server, { kind: "fingerprint", sha256: "" })).rejects.toMatchObject({
    code: "proxmox-tls",
  });
});

test("a certificate for another name is refused", async () => {
  await expect(ask(misnamed, { kind: "ca-file", path: misnamed.caFile })).rejects.toMatchObject({
    code: "proxmox-tls",
    message: expect.stringContaining("ERR_TLS_CERT_ALTNAME_INVALID"),
  });
});

test("a CA file that is not there is a mistake in the configuration", async () => {
  await expect(ask(server, { kind: "ca-file", path: "/no/such.pem" })).rejects.toMatchObject({
    kind: "configuration",
    code: "proxmox-ca-file",
    place: "/no/such.pem",
  });
});

test("a server that speaks plain HTTP has its own reason", async () => {
  const plain = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
  const endpoint = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  await expect(ask(server, { kind: "system" }, { endpoint })).rejects.toMatchObject({ code: "proxmox-tls" });
  await new Promise((resolve) => plain.close(resolve));
});
