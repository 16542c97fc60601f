import { createServer } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { isProblem } from "../../model/problem.ts";
import { Secret } from "../../model/secret.ts";
import { type KumaClient, openKuma } from "./client.ts";
import type { MonitorFields } from "./monitor.ts";
import { startKumaStandIn } from "./server.test-helper.ts";

const password = new Secret("a password of these tests 1");
const wiki: MonitorFields = {
  name: "wiki (prod)",
  description: "pve-home: prod/wiki",
  url: "http://192.168.1.20:8080/",
  accepted_statuscodes: ["200"],
};

async function open(url: string, timeoutMs = 10_000): Promise<KumaClient> {
  const client = await openKuma({ url, timeoutMs, signal: new AbortController().signal });
  onTestFinished(client.close);
  return client;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (isProblem(error)) return error.code;
  throw error ?? new Error("nothing was thrown");
}

test.each(["1.23.17", "2.0.0-dev.0", "2.5.3"])(
  "%s: the first user, a monitor, its change and its end",
  async (version) => {
    const kuma = await startKumaStandIn({ version });
    const first = await open(kuma.url);
    expect(await first.needsSetup()).toBe(true);
    await first.setup("admin", password);
    expect(await first.needsSetup()).toBe(false);
    await first.login("admin", password);
    expect(first.monitors()).toEqual([]);
    await first.add(wiki);

    const second = await open(kuma.url);
    await second.login("admin", password);
    const [seen] = second.monitors();
    expect(seen).toMatchObject({ ...wiki, id: 1, type: "http", interval: 30 });
    if (seen !== undefined) await second.change(seen, { url: "http://192.168.1.21:8080/" });
    expect(kuma.monitors.get(1)).toEqual({ ...seen, url: "http://192.168.1.21:8080/" });
    await second.remove(1);
    expect(kuma.monitors.size).toBe(0);
    expect(kuma.changes).toEqual(["setup", "add", "editMonitor", "deleteMonitor"]);
  },
);

describe("what goes wrong", () => {
  test.each(["1.22.1", "3.0.0"])("version %s is not known", async (version) => {
    const kuma = await startKumaStandIn({ version });
    kuma.users.set("admin", password.reveal());
    const client = await open(kuma.url);
    expect(await codeOf(client.login("admin", password))).toBe("kuma-version");
  });

  test("another password, or a second factor", async () => {
    const kuma = await startKumaStandIn({ secondFactor: true });
    kuma.users.set("admin", password.reveal());
    const client = await open(kuma.url);
    expect(await codeOf(client.login("admin", new Secret("another password 2")))).toBe("kuma-login");
    expect(await codeOf(client.login("admin", password))).toBe("kuma-login");
  });

  test("what Uptime Kuma refuses is passed on", async () => {
    const kuma = await startKumaStandIn();
    const client = await open(kuma.url);
    await expect(client.add(wiki)).rejects.toMatchObject({
      code: "kuma-refused",
      message: expect.stringContaining("not logged in"),
    });
  });

  test("a call without an answer ends", async () => {
    const kuma = await startKumaStandIn({ silent: "needSetup" });
    const client = await open(kuma.url, 50);
    expect(await codeOf(client.needsSetup())).toBe("kuma-timeout");
  });

  test("nothing listens, or another program does", async () => {
    const other = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const address = other.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    expect(await codeOf(open(url))).toBe("kuma-unreachable");
    await new Promise((done) => other.close(done));
    expect(await codeOf(open(url))).toBe("kuma-unreachable");
  });
});
