import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createSilentServer, type Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { startServer } from "../proxmox/server.test-helper.ts";
import { createHttpClient } from "./client.ts";
import type { HttpRequest, ServerWords, TlsTrust } from "./types.ts";

const words: ServerWords = {
  code: "grafana",
  name: "Grafana",
  hints: {
    timeout: "wait",
    unreachable: (url) => `curl ${url.origin}`,
    unresolved: "look the name up",
    handshake: "check the port",
    untrusted: (seen) => `pin ${seen}`,
    unpinned: (seen) => `pin ${seen} now`,
    caFile: "name a PEM file",
    noHttp: "check the port",
  },
};

function clientOf(trust: TlsTrust = { kind: "system" }) {
  const client = createHttpClient(words, trust);
  onTestFinished(() => client.close());
  return (url: string, more: Partial<HttpRequest> = {}) =>
    client.exchange({ method: "GET", url: new URL(url), timeoutMs: 5000, maxBytes: 1000, ...more });
}

/** A plain HTTP server; `open` are its connections that are open now. */
async function serve(handler: RequestListener) {
  const server = createServer(handler);
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, open };
}

test("the reply of any status comes whole, with its reason and headers", async () => {
  const { url } = await serve((request, response) => {
    response.writeHead(503, "No Luck", { "X-Asked": `${request.method} ${request.url}` });
    response.end("häuser");
  });
  const reply = await clientOf()(`${url}a%20b?c=d&e`, { method: "PUT", body: "x" });
  expect(reply).toMatchObject({ status: 503, reason: "No Luck", redirect: undefined });
  expect(reply.headers["x-asked"]).toBe("PUT /a%20b?c=d&e");
  expect(reply.body.toString()).toBe("häuser");
});

test("a name is asked at the address that goes with it, with its own certificate and Host", async () => {
  const hosts: (string | undefined)[] = [];
  const secure = await startServer((request, response) => {
    hosts.push(request.headers.host);
    response.end("grafana");
  }, "grafana.invalid");
  onTestFinished(() => secure.close());
  const { port } = new URL(secure.endpoint);
  const exchange = clientOf({ kind: "ca-file", path: secure.caFile });
  const address = "127.0.0.1";
  const reply = await exchange(`https://grafana.invalid:${port}/`, { address });
  expect(reply.body.toString()).toBe("grafana");
  expect(hosts).toEqual([`grafana.invalid:${port}`]);
  await expect(exchange(`https://loki.invalid:${port}/`, { address })).rejects.toMatchObject({
    code: "grafana-tls",
  });
  const plain = await serve((request, response) => response.end(request.headers.host));
  const named = plain.url.replace("127.0.0.1", "loki.invalid");
  expect((await exchange(named, { address })).body.toString()).toBe(new URL(named).host);
});

test.each([
  ["/login", "http://HOST/login"],
  ["https://elsewhere.example/x", "https://elsewhere.example/x"],
  ["http://[", "http://["],
])("a redirect to %s is a result, and not followed", async (location, target) => {
  const asked: (string | undefined)[] = [];
  const { url } = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(302, { Location: location }).end();
  });
  const reply = await clientOf()(url);
  expect(reply).toMatchObject({ status: 302, redirect: target.replace("HOST", new URL(url).host) });
  expect(asked).toEqual(["/"]);
});

test("one client speaks to many servers, plain and with TLS, and reuses its connections", async () => {
  const secure = await startServer((_, response) => response.end("secure"));
  onTestFinished(() => secure.close());
  const plain = await serve((_, response) => response.end("plain"));
  const exchange = clientOf({ kind: "ca-file", path: secure.caFile });
  for (let round = 0; round < 3; round += 1) {
    expect((await exchange(secure.endpoint)).body.toString()).toBe("secure");
    expect((await exchange(plain.url)).body.toString()).toBe("plain");
    expect(plain.open.size).toBe(1);
  }
});

test("proxies that the environment names are not used", async () => {
  for (const name of ["HTTP_PROXY", "http_proxy", "ALL_PROXY"]) vi.stubEnv(name, "http://127.0.0.1:1");
  vi.stubEnv("NODE_USE_ENV_PROXY", "1");
  vi.stubEnv("NO_PROXY", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { url } = await serve((_, response) => response.end("direct"));
  expect((await clientOf()(url)).body.toString()).toBe("direct");
});

test("a reply that is too large ends with its connection", async () => {
  const { url, open } = await serve((_, response) => {
    const more = () => {
      while (response.write(Buffer.alloc(16_384))) {}
    };
    response.on("drain", more);
    more();
  });
  await expect(clientOf()(url)).rejects.toMatchObject({
    code: "grafana-reply",
    message: expect.stringContaining("larger than 1000 bytes"),
  });
  await vi.waitFor(() => expect(open.size).toBe(0));
});

test("a body that is left unread holds nothing up, and its connection ends", async () => {
  const { url, open } = await serve((_, response) => void response.write("x"));
  expect(await clientOf()(url, { maxBytes: "unread" })).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  await vi.waitFor(() => expect(open.size).toBe(0));
});

test("one limit holds for a body that never ends, and the connection is given up", async () => {
  const { url, open } = await serve((_, response) => void response.write("x"));
  await expect(clientOf()(url, { timeoutMs: 100 })).rejects.toMatchObject({
    kind: "undetermined",
    code: "grafana-timeout",
    message: expect.stringMatching(/^Grafana at 127\.0\.0\.1:\d+ did not answer GET \/ in time$/),
    hint: "wait",
  });
  await vi.waitFor(() => expect(open.size).toBe(0));
});

test.each([
  ["when its request has no time left", 100],
  ["when the client is closed", 60_000],
])("a connection that hangs in its handshake is given up %s", async (_, timeoutMs) => {
  const open = new Set<Socket>();
  const silent = createSilentServer((socket) => {
    open.add(
      socket
        .on("error", () => undefined)
        .on("close", () => open.delete(socket))
        .resume(),
    );
    if (timeoutMs > 1000) client.close();
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void silent.close());
  const client = createHttpClient(words, { kind: "off" });
  const url = new URL(`https://127.0.0.1:${(silent.address() as AddressInfo).port}/`);
  const code = timeoutMs > 1000 ? "grafana-unreachable" : "grafana-timeout";
  await expect(client.exchange({ method: "GET", url, timeoutMs, maxBytes: 1 })).rejects.toMatchObject({
    code,
  });
  await vi.waitFor(() => expect(open.size).toBe(0));
});

test.each([
  ["http://127.0.0.1:1/", "grafana-unreachable", "curl http://127.0.0.1:1"],
  ["https://127.0.0.1:1/", "grafana-unreachable", "curl https://127.0.0.1:1"],
  ["http://no-such-host.invalid/", "grafana-unreachable", "look the name up"],
])("%s is %s", async (url, code, hint) => {
  await expect(clientOf()(url)).rejects.toMatchObject({ kind: "undetermined", code, hint });
});

test("what does not speak HTTP, or no TLS, has its own reason", async () => {
  const { url } = await serve((_, response) => response.socket?.end("SSH-2.0-OpenSSH_9.9\r\n"));
  await expect(clientOf()(url)).rejects.toMatchObject({ code: "grafana-reply" });
  await expect(clientOf()(url.replace("http:", "https:"))).rejects.toMatchObject({
    code: "grafana-tls",
    hint: "check the port",
  });
});

test("a certificate that is not trusted gets no byte of the request", async () => {
  const server = await startServer((_, response) => response.end());
  onTestFinished(() => server.close());
  const hint = `pin ${server.fingerprint}`;
  await expect(clientOf()(server.endpoint)).rejects.toMatchObject({ code: "grafana-tls", hint });
  const pinned: TlsTrust = { kind: "fingerprint", sha256: "AA:".repeat(32) };
  await expect(clientOf(pinned)(server.endpoint)).rejects.toMatchObject({
    code: "grafana-tls",
    hint: `${hint} now`,
  });
  expect(server.seen).toEqual([]);
});

test("an abort ends an exchange with its reason, also one that has not begun", async () => {
  const { url } = await serve(() => undefined);
  const controller = new AbortController();
  const exchange = clientOf();
  const hanging = exchange(url, { signal: controller.signal });
  setTimeout(() => controller.abort(new Error("interrupted")), 20);
  await expect(hanging).rejects.toThrow("interrupted");
  await expect(exchange(url, { signal: controller.signal })).rejects.toThrow("interrupted");
});
