import { readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { type KumaStandIn, startKumaStandIn } from "../../src/connect/uptime-kuma/server.test-helper.ts";
import { everythingIn } from "./cli.test-helper.ts";
import { openStackDesk, prod } from "./stack-desk.test-helper.ts";

// Uptime Kuma is a stand-in here that keeps what it is told; the real one is synchronised in the tests of the stack.

const inventory = ["--inventory", "prod.json"];

async function stackWith(kuma: KumaStandIn) {
  const desk = await openStackDesk();
  const port = Number(new URL(kuma.url).port);
  const rendered = await desk.run(["stack", "render", "--json", ...inventory]);
  const { files, services, service_entries } = JSON.parse(rendered.stdout);
  services["uptime-kuma"].direct_url = `http://127.0.0.1:${port}`;
  desk.write("state/stack/stack.json", { version: 1, files: Object.keys(files), services, service_entries });
  const sync = (...flags: string[]) => desk.run(["stack", "sync", ...inventory, ...flags]);
  return { desk, sync };
}

const last = (stdout: string) => stdout.trim().split("\n").at(-1);

test("the first run makes the user and a monitor per service, the second changes nothing", async () => {
  const kuma = await startKumaStandIn();
  const { desk, sync } = await stackWith(kuma);
  const rehearsed = await sync("--dry-run");
  expect([rehearsed.exitCode, kuma.changes]).toEqual([0, []]);
  expect(desk.files().filter((file) => file.endsWith("uptime-kuma-password"))).toEqual([]);

  const first = await sync();
  const made = kuma.monitors.size;
  expect(made).toBeGreaterThan(5);
  expect([first.exitCode, last(first.stdout)]).toEqual([
    0,
    `${made} created, 0 changed, 0 removed, 0 unchanged`,
  ]);
  expect(last(rehearsed.stdout)).toBe(`to be done: ${last(first.stdout)}`);
  const urls = [...kuma.monitors.values()].map(({ url }) => url);
  expect(urls).toContain("http://loki:3100/ready");
  expect(urls).toContain("http://192.168.1.20:8080/healthz");

  const before = [...kuma.changes];
  const second = await sync();
  expect(last(second.stdout)).toBe(`0 created, 0 changed, 0 removed, ${made} unchanged`);
  expect(kuma.changes).toEqual(before);

  const password = readFileSync(desk.path("state/stack/uptime-kuma-password"), "utf8");
  expect(kuma.users.get("admin")).toBe(password);
  expect(statSync(desk.path("state/stack/uptime-kuma-password")).mode & 0o777).toBe(0o600);
  expect(everythingIn(desk.path("home"), ...desk.printed)).not.toContain(password);
});

test("what changed in the inventory is changed, what left it is removed, and other monitors stay", async () => {
  const kuma = await startKumaStandIn();
  const { desk, sync } = await stackWith(kuma);
  await sync();
  const [wiki] = prod.services;
  kuma.monitors.set(900, { id: 900, name: "mine", type: "ping", description: "pinged by hand" });
  desk.write("prod.json", { ...prod, services: [{ ...wiki, url: "http://192.168.1.21:8080" }] });
  const moved = await sync();
  expect(moved.stdout.split("\n").slice(0, 1)).toEqual(["~ wiki (prod): url"]);
  desk.write("prod.json", { ...prod, services: [] });
  expect((await sync()).stdout.split("\n").slice(0, 1)).toEqual(["- wiki (prod)"]);
  expect([...kuma.monitors.values()].map(({ name }) => name)).not.toContain("wiki (prod)");
  expect(kuma.monitors.get(900)).toMatchObject({ name: "mine" });
});

test("without a stack on this machine the password has to be set", async () => {
  const desk = await openStackDesk();
  const { exitCode, stderr } = await desk.run(["stack", "sync", ...inventory]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("stack.uptime_kuma.password");
});

test("where Uptime Kuma does not answer, it says where it was asked", async () => {
  const kuma = await startKumaStandIn();
  const { sync } = await stackWith(kuma);
  await kuma.close();
  const { exitCode, stderr } = await sync();
  expect(exitCode).toBe(3);
  expect(stderr).toContain(kuma.url);
});
