import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isProblem } from "../model/problem.ts";
import { Secret } from "../model/secret.ts";
import { forgetPending, readRecord } from "./record.ts";
import type { Rendered, StackService } from "./rendered.ts";
import { stackStatus } from "./status.ts";
import { placeStack, type StackToPlace } from "./up.ts";

const owner = `${process.getuid?.()}:${process.getgid?.()}`;
const certificates = { ca: "certs/ca.crt", cert: "certs/s.crt", key: "certs/s.key", names: ["a.home.lan"] };

const service = (container = true): StackService => ({
  ...{ image: "a:1", container, container_port: 80, published: [], health_path: "/", monitor: true },
  ...{ direct_url: "http://127.0.0.1:80", url: null },
});

function rendered(parts: Partial<Rendered> = {}): Rendered {
  const file = (content: string, reload: string | null) => ({ content, mode: "0644" as const, reload });
  return {
    files: {
      "docker-compose.yml": file("services: {}", null),
      "prometheus/rules.yml": file("groups: []", "prometheus"),
      "loki/loki.yml": file("a: 1", "recreate:loki"),
    },
    directories: { secrets: { mode: "0700", owner } },
    secrets: {
      "grafana-admin-password": {
        ...{ path: "secrets/grafana", services: ["grafana"], required: true },
        ...{ description: "Password.", settings: {} },
      },
    },
    certificates: { ...certificates, reload: "recreate:traefik" },
    services: { loki: service(), grafana: service(), "node-exporter": service(false) },
    service_entries: [],
    ...parts,
  };
}

function desk() {
  const folder = mkdtempSync(join(tmpdir(), "pve-home-stack-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const place = (parts: Partial<StackToPlace> = {}) =>
    placeStack({
      ...{ folder, rendered: rendered(), secrets: {}, owner, ports: {}, images: {}, now: Date.now() },
      secretPlace: (name) => name,
      ...parts,
    });
  /** As after a start that went well. */
  const placeAndStart: typeof place = async (parts) => {
    const reloads = await place(parts);
    forgetPending(folder);
    return reloads;
  };
  return { folder, place, placeAndStart, path: (name: string) => join(folder, name) };
}

test("what was not done, because the start failed, is to be done after the next placing", async () => {
  const { place, placeAndStart, path } = desk();
  await placeAndStart();
  writeFileSync(path("prometheus/rules.yml"), "changed by hand");
  expect(await place()).toEqual({ signal: ["prometheus"], recreate: [] });
  writeFileSync(path("loki/loki.yml"), "changed by hand");
  expect(await placeAndStart()).toEqual({ signal: ["prometheus"], recreate: ["loki"] });
  expect(await place()).toEqual({ signal: [], recreate: [] });
});

test("ports and images of the command line are remembered", async () => {
  const { place, folder } = desk();
  await place({ ports: { 80: 8081 }, images: { loki: "loki:1" } });
  expect(readRecord(folder)).toMatchObject({ ports: { 80: 8081 }, images: { loki: "loki:1" } });
});

test("what changed says what its readers have to do, what did not says nothing", async () => {
  const { placeAndStart: place, path } = desk();
  expect(await place()).toEqual({ signal: ["prometheus"], recreate: ["loki", "traefik", "grafana"] });
  expect(await place()).toEqual({ signal: [], recreate: [] });
  writeFileSync(path("prometheus/rules.yml"), "changed by hand");
  expect(await place()).toEqual({ signal: ["prometheus"], recreate: [] });
  const secrets = { "grafana-admin-password": new Secret("given in the test of up 4") };
  expect(await place({ secrets })).toEqual({ signal: [], recreate: ["grafana"] });
});

test("what a service that was switched off had is removed, and the record knows what is there", async () => {
  const { place, path, folder } = desk();
  await place();
  const { "loki/loki.yml": _, ...files } = rendered().files;
  const { loki: __, ...services } = rendered().services;
  await place({ rendered: rendered({ files, services }) });
  expect(existsSync(path("loki/loki.yml"))).toBe(false);
  const record = readRecord(folder);
  expect(record?.files).toEqual(["docker-compose.yml", "prometheus/rules.yml"]);
  expect(Object.keys(record?.services ?? {})).toEqual(["grafana", "node-exporter"]);
});

test("a folder with other files in it is refused; what an earlier try left is not", async () => {
  const { place, path, folder } = desk();
  writeFileSync(path("ca.key"), "");
  writeFileSync(path("letter.txt"), "");
  const error = await place().catch((thrown: unknown) => thrown);
  expect(isProblem(error, "stack-folder-foreign")).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(["ca.key", "letter.txt"]);
  rmSync(path("letter.txt"));
  expect((await place()).signal).toEqual(["prometheus"]);
});

test("a record that is not one is refused, before the folder is touched", async () => {
  const { place, path, folder } = desk();
  writeFileSync(path("stack.json"), "{}");
  const error = await place().catch((thrown: unknown) => thrown);
  expect(isProblem(error, "stack-record-invalid")).toBe(true);
  expect(existsSync(join(folder, "docker-compose.yml"))).toBe(false);
});

test("status has a line for each container that is declared, also where there is none", () => {
  const of = (parts: object) => ({
    id: "1",
    service: "grafana",
    state: "running",
    health: "",
    exitCode: 0,
    ports: [],
    ...parts,
  });
  const seen = (parts: object) =>
    stackStatus(rendered(), [of(parts)]).map((one) => [one.service, one.health || one.state, one.healthy]);
  expect(seen({})).toEqual([
    ["grafana", "running", true],
    ["loki", "missing", false],
  ]);
  expect(seen({ health: "healthy" })[0]).toEqual(["grafana", "healthy", true]);
  expect(seen({ health: "starting" })[0]).toEqual(["grafana", "starting", false]);
  expect(seen({ health: "unhealthy" })[0]).toEqual(["grafana", "unhealthy", false]);
  expect(seen({ state: "restarting" })[0]).toEqual(["grafana", "restarting", false]);
});
