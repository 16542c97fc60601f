import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { exampleOf, settingsSchemaOf } from "../check-settings.ts";
import type { Subjects } from "../component.ts";
import { guestComponent } from "../health.test-helper.ts";
import { runFor } from "../run-for.ts";
import { serviceComponent } from "../service.test-helper.ts";
import { checks } from "./index.ts";

const files = readdirSync(import.meta.dirname).filter((name) => !name.startsWith("index."));

test("every file here is registered and has its test", async () => {
  const sources = files.filter((file) => !file.endsWith(".test.ts"));
  for (const name of sources.map((file) => file.replace(/\.ts$/, ""))) {
    const exported: Record<string, unknown> = await import(`../checks/${name}.ts`);
    const registered = checks.filter((check) => Object.values(exported).includes(check));
    expect(registered, name).toHaveLength(1);
    expect(files).toContain(`${name}.test.ts`);
  }
});

test("a check is made for components of its own subject alone", () => {
  const subjects = {
    api: { type: "api", name: "10.0.0.1:8006", endpoint: "https://10.0.0.1:8006" },
    node: { type: "node", name: "pve1" },
    guest: guestComponent({ docker: true, agent: true }),
    service: serviceComponent({}),
  } satisfies Subjects;
  for (const [subject, component] of Object.entries(subjects)) {
    const made = checks.filter((check) => runFor(check, component) !== undefined);
    expect(made.length, subject).toBeGreaterThan(0);
    expect(new Set(made.map((check) => check.of))).toEqual(new Set([subject]));
  }
});

test("names are unique per component, and what they refer to exists", () => {
  for (const component of [
    guestComponent({ docker: true, agent: true }),
    { type: "node", name: "pve1" } as const,
    serviceComponent({}),
  ]) {
    const names = checks.filter((check) => runFor(check, component) !== undefined).map((check) => check.name);
    expect(new Set(names).size).toBe(names.length);
  }
  const names = checks
    .filter((check) => runFor(check, guestComponent({})) !== undefined)
    .map((check) => check.name);
  for (const { needs, outweighedBy } of checks) {
    for (const other of [needs, outweighedBy]) if (other !== undefined) expect(names).toContain(other);
  }
});

test("a question is one line that is the same for all guests, and reads from nothing", () => {
  for (const check of checks) {
    if (check.asks !== "guest") continue;
    expect(check.question).toMatch(/^[ -~]+$/);
  }
});

test("settings have a name, a default each, and an example that shows all of them", () => {
  const settable = checks.filter(({ settings }) => settings !== undefined);
  expect(new Set(settable.map(({ name }) => name)).size).toBe(settable.length);
  const example = parse(exampleOf(checks)) as { checks: Record<string, object> };
  const parsed = settingsSchemaOf(checks).parse(example.checks);
  for (const { name, settings } of settable) {
    const defaults = Object.keys(settings?.schema.parse(undefined) as object);
    expect(Object.keys(parsed[name] as object)).toEqual(defaults);
  }
});

// After a change: npx vitest run src/health/checks/index.test.ts -u
test("pve-home.example.yaml shows the settings of the checks", async () => {
  const file = join(import.meta.dirname, "../../../pve-home.example.yaml");
  const section = /^ {2}checks:.*\n( {4}.*\n)*/m;
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(section);
  await expect(text.replace(section, exampleOf(checks))).toMatchFileSnapshot(file);
});
