import { rootCertificates } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "./ask.test-helper.ts";
import { openStack, routed, type Stack } from "./stack.test-helper.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await openStack();
  await stack.up("tls_enabled = true\nuptime_kuma_enabled = false\n");
});

afterAll(() => stack?.close());

test("every name is served with a certificate of the stack's own authority, and of no other", async () => {
  const ca = stack.read("traefik/certs/ca.crt");
  const all = routed(stack);
  expect(all.map(({ service }) => service)).toEqual(expect.arrayContaining(["grafana", "loki", "traefik"]));
  for (const { host, path } of all) {
    expect((await ask(path, { host, ca })).status, host).toBe(200);
  }
  const publicOnes = rootCertificates.join("\n");
  await expect(ask("/", { host: "grafana.home.lan", ca: publicOnes })).rejects.toThrow();
  await expect(ask("/", { host: "grafana.other.lan", ca })).rejects.toThrow();
});

test("HTTP is redirected", async () => {
  const { status, headers } = await ask("/login?next=1", { host: "grafana.home.lan" });
  expect([301, 302, 307, 308]).toContain(status);
  expect(headers.location).toBe("https://grafana.home.lan/login?next=1");
});

test("without its certificate and name, a service of a stack with --lab is reached from this machine alone", async () => {
  for (const { service, directPort, path } of routed(stack)) {
    // The address of Docker's default bridge, as good as any that is not loopback.
    const elsewhere = ask(path, { port: directPort, address: "172.17.0.1" });
    await expect(elsewhere, service).rejects.toThrow("ECONNREFUSED");
  }
});
