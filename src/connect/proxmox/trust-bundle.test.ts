import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectionTo, startServer, type TestServer } from "./server.test-helper.ts";
import { trustBundle } from "./trust-bundle.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startServer((_, response) => response.end());
});

afterAll(() => server.close());

const asking = (tls: Parameters<typeof connectionTo>[1]) => trustBundle(connectionTo(server, tls));

test("a CA file comes with the system's authorities", async () => {
  const bundle = await asking({ tls: { kind: "ca-file", path: server.caFile } });
  expect(bundle).toContain(readFileSync(server.caFile, "utf8").trim());
});

test("a pinned fingerprint gives the certificate that has it, and nothing was asked of the server", async () => {
  const sha256 = server.fingerprint.toLowerCase().replaceAll(":", "");
  const bundle = await asking({ tls: { kind: "fingerprint", sha256 } });
  expect(bundle?.replace(/\s/g, "")).toContain(readFileSync(server.caFile, "utf8").replace(/\s/g, ""));
  expect(server.seen).toEqual([]);
});

test("another fingerprint gives nothing", async () => {
  const sha256 = "AA:".repeat(32);
  await expect(asking({ tls: { kind: "fingerprint", sha256 } })).rejects.toMatchObject({
    code: "proxmox-tls",
  });
});

test("a CA file that is not there", async () => {
  await expect(asking({ tls: { kind: "ca-file", path: "/no/such.pem" } })).rejects.toMatchObject({
    code: "proxmox-ca-file",
  });
});

test.each(["system", "off"] as const)("%s needs no file of its own", async (kind) => {
  await expect(asking({ tls: { kind } })).resolves.toBeUndefined();
});
