import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createHttpClient } from "../../connect/http/client.ts";
import { serviceWords } from "../../connect/http/service-words.ts";
import type { TlsTrust } from "../../connect/http/types.ts";
import { startServer } from "../../connect/proxmox/server.test-helper.ts";
import type { Service } from "../../model/inventory.ts";
import { manualClock } from "../clock.test-helper.ts";
import { contextOf } from "../health.test-helper.ts";
import { serviceComponent } from "../service.test-helper.ts";
import { http } from "./http.ts";

async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (status: number, headers: Record<string, string> = {}) =>
  serve((_, response) => response.writeHead(status, headers).end("a body"));

function check(facts: Partial<Service>, trust: TlsTrust = { kind: "system" }) {
  const client = createHttpClient(serviceWords, trust);
  onTestFinished(() => client.close());
  return http.run(serviceComponent(facts), contextOf({ http: client }));
}

test("200 at url and health_path is ok, wherever the slashes are", async () => {
  const asked: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end();
  });
  expect(await check({ url, health_path: "/healthz" })).toEqual({ status: "ok", detail: "answers 200" });
  await check({ url: `${url}/base/`, health_path: "/healthz?full=1" });
  await check({ url, health_path: null });
  expect(asked).toEqual(["GET /healthz", "GET /base/healthz?full=1", "GET /"]);
});

test("a service with an address is asked there by the name of its url", async () => {
  const secure = await startServer((_, response) => response.end(), "grafana.invalid");
  onTestFinished(() => secure.close());
  const url = secure.endpoint.replace("127.0.0.1", "grafana.invalid").replace(/\/$/, "");
  const trust: TlsTrust = { kind: "ca-file", path: secure.caFile };
  expect(await check({ url, address: "127.0.0.1", health_path: "/api/health" }, trust)).toMatchObject({
    status: "ok",
  });
  expect(secure.seen).toEqual(["GET /api/health"]);
});

test.each([
  [204, "service-status", "/healthz answers 204"],
  [401, "service-denied", "/healthz needs a login: it answers 401"],
  [403, "service-denied", "/healthz needs a login: it answers 403"],
  [404, "service-status", "/healthz answers 404"],
  [500, "service-error", "/healthz answers 500"],
  [503, "service-error", "/healthz answers 503"],
])("%i at its health_path is a failure", async (status, code, detail) => {
  const url = await answering(status);
  expect(await check({ url })).toMatchObject({
    status: "fail",
    code,
    detail,
    expected: "200",
    actual: String(status),
  });
});

test("a redirect is told with its target, and not followed", async () => {
  const url = await answering(302, { Location: "/login?next=/healthz" });
  expect(await check({ url })).toMatchObject({
    status: "fail",
    code: "service-redirect",
    detail: `/healthz redirects to ${url}/login?next=/healthz`,
    actual: "302",
  });
});

test.each([200, 302, 401, 404])("without a health_path %i is an answer", async (status) => {
  const url = await answering(status);
  expect(await check({ url, health_path: null })).toEqual({ status: "ok", detail: `answers ${status}` });
});

test("and 500 is none that is well", async () => {
  const url = await answering(500);
  expect(await check({ url, health_path: null })).toMatchObject({
    status: "fail",
    code: "service-error",
    expected: "below 500",
    actual: "500",
  });
});

test("a body that never ends does not hold it up", async () => {
  const url = await serve((_, response) => {
    const more = () => {
      while (response.write(Buffer.alloc(65_536))) {}
    };
    response.on("drain", more);
    more();
  });
  expect(await check({ url })).toMatchObject({ status: "ok" });
});

test("an https service is trusted by the system's authorities, or by a file besides", async () => {
  const server = await startServer((_, response) => response.end());
  onTestFinished(() => server.close());
  const url = server.endpoint;
  await expect(check({ url })).rejects.toMatchObject({
    code: "service-tls",
    hint: expect.stringContaining("health.services_ca_file"),
  });
  expect(server.seen).toEqual([]);
  expect(await check({ url }, { kind: "system", caFile: server.caFile })).toMatchObject({ status: "ok" });
});

test("what refuses connections is tried again while there is time", async () => {
  const client = createHttpClient(serviceWords, { kind: "system" });
  onTestFinished(() => client.close());
  const waits: number[] = [];
  const clock = { ...manualClock(), sleep: async (ms: number) => void waits.push(ms) };
  const context = contextOf({ http: client, clock });
  await expect(http.run(serviceComponent({ url: "http://127.0.0.1:1" }), context)).rejects.toMatchObject({
    code: "service-unreachable",
  });
  expect(waits).toEqual([1000, 2000]);
});
