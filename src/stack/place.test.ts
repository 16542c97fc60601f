import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isProblem } from "../model/problem.ts";
import { Secret } from "../model/secret.ts";
import { placeFiles, placeFolders } from "./place.ts";
import type { Rendered } from "./rendered.ts";
import { keptPassword, placeSecrets, pveExporterFile } from "./secrets.ts";

function desk() {
  const folder = mkdtempSync(join(tmpdir(), "pve-home-stack-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  return {
    folder,
    path,
    read: (name: string) => readFileSync(path(name), "utf8"),
    mode: (name: string) => statSync(path(name)).mode & 0o777,
  };
}

const file = (content: string, reload: string | null = null): Rendered["files"][string] => ({
  ...{ content, mode: "0644", reload },
});
const owner = `${process.getuid?.()}:${process.getgid?.()}`;

test("only what differs is written, what is not rendered any more goes, and other files stay", () => {
  const { folder, path, read } = desk();
  const first = { files: { "a.yml": file("1"), "b/c.yml": file("2"), "d.yml": file("3") } };
  expect(placeFiles(folder, first, [])).toEqual(["a.yml", "b/c.yml", "d.yml"]);
  expect(placeFiles(folder, first, Object.keys(first.files))).toEqual([]);
  writeFileSync(path("mine.yml"), "mine");
  const second = { files: { "a.yml": file("1"), "b/c.yml": file("changed") } };
  expect(placeFiles(folder, second, Object.keys(first.files))).toEqual(["b/c.yml", "d.yml"]);
  expect(existsSync(path("d.yml"))).toBe(false);
  expect([read("b/c.yml"), read("mine.yml")]).toEqual(["changed", "mine"]);
});

test("a word that is also a secret stays in a rendered file", () => {
  const { folder, read } = desk();
  new Secret("prometheus-of-this-test-9");
  placeFiles(folder, { files: { "a.yml": file("user: prometheus-of-this-test-9") } }, []);
  expect(read("a.yml")).toBe("user: prometheus-of-this-test-9");
});

test("folders get their mode, also those that are there", () => {
  const { folder, mode } = desk();
  const directories = { secrets: { mode: "0755", owner }, "data/loki": { mode: "0750", owner } };
  placeFolders(folder, { directories });
  placeFolders(folder, { directories: { ...directories, secrets: { mode: "0700", owner } } });
  expect([mode("secrets"), mode("data/loki")]).toEqual([0o700, 0o750]);
});

const secret = (name: string, required: boolean): Rendered["secrets"][string] => ({
  ...{ path: `secrets/${name}`, services: ["grafana"], required, description: "A secret.", settings: {} },
});
const place = (name: string) => `stack.secrets.${name}`;

test("a password is made once and kept; a given one replaces it, and its readers are named", () => {
  const { folder, read, mode } = desk();
  const secrets = { "grafana-admin-password": secret("grafana-admin-password", true) };
  const put = (given: Record<string, Secret>) => placeSecrets(folder, { secrets, owner, given, place });
  expect(put({})).toEqual({ services: ["grafana"] });
  const made = read("secrets/grafana-admin-password");
  expect(made).toMatch(/^[\w-]{24}$/);
  expect(mode("secrets/grafana-admin-password")).toBe(0o600);
  expect(put({})).toEqual({ services: [] });
  expect(read("secrets/grafana-admin-password")).toBe(made);
  const given = { "grafana-admin-password": new Secret("given in this test 7") };
  expect(put(given)).toEqual({ services: ["grafana"] });
  expect(read("secrets/grafana-admin-password")).toBe("given in this test 7");
});

test("a secret that is needed and not there is refused before any other is written", () => {
  const { folder, path } = desk();
  const secrets = {
    "grafana-admin-password": secret("grafana-admin-password", true),
    "telegram-bot-token": secret("telegram-bot-token", true),
    optional: secret("optional", false),
  };
  const thrown = (() => {
    try {
      placeSecrets(folder, { secrets, owner, given: {}, place });
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  expect(isProblem(thrown, "stack-secret-missing") && thrown.place).toBe("stack.secrets.telegram-bot-token");
  expect(existsSync(path("secrets"))).toBe(false);
});

test("pve-exporter gets the parts of the token, and what the stack wants", () => {
  const token = new Secret("exporter@pve!prometheus=11111111-2222-3333-4444-555555555555");
  expect(JSON.parse(pveExporterFile(token, { verify_ssl: true }).reveal())).toEqual({
    default: {
      user: "exporter@pve",
      token_name: "prometheus",
      token_value: "11111111-2222-3333-4444-555555555555",
      verify_ssl: true,
    },
  });
});

test("a password in a file of its own is made once", () => {
  const { path, mode } = desk();
  const made = keptPassword(path("uptime-kuma-password")).reveal();
  expect(keptPassword(path("uptime-kuma-password")).reveal()).toBe(made);
  expect(mode("uptime-kuma-password")).toBe(0o600);
});
