import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { runFor } from "../check.ts";
import type { Subjects } from "../component.ts";
import { guestComponent } from "../health.test-helper.ts";
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
