import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { guestComponent } from "../health.test-helper.ts";
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

test("names are unique per component, and what they refer to exists", () => {
  for (const component of [
    guestComponent({ docker: true, agent: true }),
    { type: "node", name: "pve1" } as const,
  ]) {
    const names = checks.filter((check) => check.applies(component)).map((check) => check.name);
    expect(new Set(names).size).toBe(names.length);
  }
  const names = checks.filter((check) => check.applies(guestComponent({}))).map((check) => check.name);
  for (const { needs, outweighedBy } of checks) {
    for (const other of [needs, outweighedBy]) if (other !== undefined) expect(names).toContain(other);
  }
});
