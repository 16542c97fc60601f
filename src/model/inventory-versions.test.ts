import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { anyInventorySchema } from "./inventory-versions.ts";

// As an environment of version 1 left it in its state.
const stored = JSON.parse(readFileSync(join(import.meta.dirname, "inventory-v1.json"), "utf8"));

function issues(document: unknown): string[] {
  const { error } = anyInventorySchema.safeParse(document);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test("an inventory of version 1 is read as one of version 2", () => {
  const read = anyInventorySchema.parse(stored);
  expect(read).toMatchObject({ schema_version: 2, environment: "prod", domain: null });
  expect(read.nodes).toEqual([
    { name: "pve2", address: null, api_port: 8006, node_exporter: false },
    { name: "pve1", address: null, api_port: 8006, node_exporter: false },
  ]);
  expect(read.guests).toEqual(
    stored.guests.map((guest: object) => ({
      ...guest,
      node_exporter: false,
      log_agent: null,
      started: true,
    })),
  );
  const unsaid = { host: null, scrape: null, monitor: true };
  expect(read.services).toEqual([
    { ...stored.services[0], ...unsaid, port: 443 },
    { ...stored.services[1], ...unsaid, port: 8080 },
  ]);
  expect(anyInventorySchema.parse(read)).toEqual(read);
});

test("a mistake in version 1 is named at its own place", () => {
  const [dns, web] = stored.guests;
  expect(issues({ ...stored, guests: [dns, { ...web, vmid: 203 }] })).toEqual([
    "guests.1.vmid: is declared twice, by dns (203) and web (203)",
  ]);
  expect(issues({ ...stored, guests: [dns, { ...web, node_exporter: true }] })).toEqual([
    'guests.1: Unrecognized key: "node_exporter"',
  ]);
  expect(issues({ ...stored, guests: [dns] })).toEqual([
    "services.1.guest: must be a guest of this inventory, or null; there is no guest web",
  ]);
});

test.each([{ schema_version: 3 }, { schema_version: undefined }])(
  "%j is no version that is read",
  (facts) => {
    expect(issues({ ...stored, ...facts })).toEqual(["schema_version: must be schema version 1 or 2"]);
  },
);
