import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { Problem } from "../../model/problem.ts";
import { fakeClock } from "../clock.test-helper.ts";
import { createProxmoxClient } from "./client.ts";
import { createEndpoints } from "./endpoints.ts";
import { answer, connectionTo, startServer, type TestServer } from "./server.test-helper.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(handler: Handler): Promise<TestServer> {
  const server = await startServer(handler);
  open.push(server);
  return server;
}

const named =
  (name: string): Handler =>
  (_, response) =>
    answer(response, name);
const silent: Handler = () => undefined;

const timeoutMs = 4000;
/** As the client has it: a fifth of the limit. */
const patienceMs = 800;

/** A client of two servers with certificates of their own; it waits for a silent one for ever, or not at all. */
function clientOf(first: TestServer, second: TestServer, { patient }: { patient: boolean }) {
  const lines: string[] = [];
  const clock = fakeClock();
  const never = (signal?: AbortSignal) =>
    new Promise<void>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const client = createProxmoxClient(
    connectionTo(first, { alternatives: [second.endpoint], tls: { kind: "off" }, timeoutMs }),
    {
      clock: {
        ...clock,
        sleep: (ms, signal) => (patient && ms === patienceMs ? never(signal) : clock.sleep(ms, signal)),
      },
      log: (line) => lines.push(line),
    },
  );
  open.push(client);
  return { client, lines };
}

async function down(): Promise<TestServer> {
  const server = await startServer(silent);
  await server.close();
  return server;
}

const hostOf = (server: TestServer) => new URL(server.endpoint).host;

test("the second is asked where the first refuses, from then on, and it is said once", async () => {
  const [first, second] = [await down(), await serve(named("second"))];
  const { client, lines } = clientOf(first, second, { patient: true });
  for (const _ of [1, 2, 3]) await expect(client.get("x", z.string())).resolves.toBe("second");
  expect(lines).toEqual([
    expect.stringMatching(
      `^Proxmox at ${hostOf(first)} is not reachable: .*ECONNREFUSED.*; asking ${hostOf(second)} instead$`,
    ),
  ]);
  expect(`${client.endpoint()}/`).toBe(second.endpoint);
  expect(client.endpoints).toHaveLength(2);
});

test("the second is asked as well where the first is silent for a while, and the first answer counts", async () => {
  const [first, second] = [await serve(silent), await serve(named("second"))];
  const { client, lines } = clientOf(first, second, { patient: false });
  await expect(client.get("x", z.string())).resolves.toBe("second");
  expect(lines).toEqual([expect.stringContaining("has not answered for 0.8 s; asking")]);
  const slow = await serve((_, response) => void setTimeout(() => answer(response, "slow"), 30));
  await expect(clientOf(slow, await down(), { patient: false }).client.get("x", z.string())).resolves.toBe(
    "slow",
  );
});

test("one whose certificate is not trusted is passed over aloud, and gets no token", async () => {
  const [first, second] = [await serve(named("first")), await serve(named("second"))];
  const lines: string[] = [];
  const tls = { kind: "ca-file" as const, path: second.caFile };
  const client = createProxmoxClient(connectionTo(first, { alternatives: [second.endpoint], tls }), {
    log: (line) => lines.push(line),
  });
  open.push(client);
  await expect(client.get("x", z.string())).resolves.toBe("second");
  expect(lines).toEqual([expect.stringContaining(first.fingerprint)]);
  expect(first.seen).toEqual([]);
});

test("an answer is an answer, a refusal too", async () => {
  const refuse: Handler = (_, response) => answer(response, null, 403, "no");
  const [first, second] = [await serve(refuse), await serve(named("second"))];
  const { client } = clientOf(first, second, { patient: true });
  await expect(client.get("x", z.string())).rejects.toMatchObject({
    code: "proxmox-forbidden",
  });
  expect(second.seen).toEqual([]);
});

test("where none answers, each is named", async () => {
  const [first, second] = [await down(), await down()];
  const { client } = clientOf(first, second, { patient: true });
  await expect(client.get("x", z.string())).rejects.toMatchObject({
    code: "proxmox-unreachable",
    message: expect.stringMatching(
      `^no endpoint .*${hostOf(first)} .*${hostOf(second)} .*[(]after 3 attempts[)]$`,
    ),
  });
});

test("each is asked in its turn, and each that did not answer is named with its own reason", async () => {
  const lines: string[] = [];
  const over: string[] = [];
  const endpoints = createEndpoints({
    origins: ["https://a:8006", "https://b:8006", "https://c:8006"],
    patienceMs: 500,
    // What fails at once does so before the patience ends.
    clock: { ...fakeClock(), sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    log: (line) => lines.push(line),
  });
  const value = await endpoints.ask(async (origin, signal) => {
    if (origin === "https://b:8006") throw new Error("b is refused");
    if (origin === "https://c:8006") return "c";
    return new Promise<string>((_, reject) =>
      signal.addEventListener("abort", () => {
        over.push(origin);
        reject(signal.reason);
      }),
    );
  });
  expect(value).toBe("c");
  expect(lines).toEqual([
    "Proxmox at a:8006 has not answered for 0.5 s; asking b:8006 instead",
    "b is refused; asking c:8006 instead",
  ]);
  expect(over).toEqual(["https://a:8006"]);
});

test.each([
  [["proxmox-timeout", "proxmox-timeout"], "proxmox-timeout"],
  [["proxmox-tls", "proxmox-unreachable"], "proxmox-unreachable"],
])("what failed in the ways %j is %s", async ([first, second], code) => {
  const origins: [string, string] = ["https://a:8006", "https://b:8006"];
  const endpoints = createEndpoints({ origins, patienceMs: 1, clock: fakeClock() });
  const work = async (origin: string) => {
    const failure = origin === origins[0] ? first : second;
    throw new Problem({ kind: "undetermined", code: failure ?? "", message: origin });
  };
  await expect(endpoints.ask(work)).rejects.toMatchObject({
    code,
    message: "no endpoint of Proxmox answers: https://a:8006; https://b:8006",
  });
});

test("a write is made once, at one that has answered", async () => {
  const [first, second] = [await serve(silent), await serve(named("second"))];
  const { client } = clientOf(first, second, { patient: false });
  await client.post("x", {}, z.string());
  await client.put("x", {}, z.string());
  expect(first.seen).toEqual(["GET /api2/json/version"]);
  expect(second.seen).toEqual(["GET /api2/json/version", "POST /api2/json/x", "PUT /api2/json/x"]);
});

test("one endpoint can be asked alone, in less time", async () => {
  const [first, second] = [await serve(silent), await serve(named("second"))];
  const { client } = clientOf(first, second, { patient: false });
  const alone = client.get("x", z.string(), { endpoint: first.endpoint, limitMs: 50 });
  await expect(alone).rejects.toMatchObject({ code: "proxmox-timeout" });
  expect(second.seen).toEqual([]);
});

test("an abort ends the call at all of them, with its reason", async () => {
  const [first, second] = [await serve(silent), await serve(silent)];
  const controller = new AbortController();
  const { client } = clientOf(first, second, { patient: false });
  const call = client.get("x", z.string(), { signal: controller.signal });
  setTimeout(() => controller.abort(new Error("interrupted")), 20);
  await expect(call).rejects.toThrow("interrupted");
});
