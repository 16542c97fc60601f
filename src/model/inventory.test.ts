import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { inventorySchema } from "./inventory.ts";

const web = {
  name: "web",
  type: "vm",
  vmid: 101,
  node: "pve1",
  address: "10.0.0.101",
  ssh_user: "debian",
  ssh_port: 22,
  docker: false,
  agent: true,
  on_boot: true,
  tags: [],
};
const db = { ...web, name: "db", vmid: 102, address: "10.0.0.102" };

function issues(facts: Record<string, unknown>): string[] {
  const document = { schema_version: 1, environment: "prod", guests: [], services: [], ...facts };
  const { error } = inventorySchema.safeParse(document);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test.each([
  ["name", { name: "web" }, "guests.1.name: is declared twice, by web (101) and web (102)"],
  ["number", { vmid: 101 }, "guests.1.vmid: is declared twice, by web (101) and db (101)"],
  [
    "address and port",
    { address: "10.0.0.101" },
    "guests.1.address: is declared twice, by web (101) and db (102)",
  ],
])("two guests with the same %s are refused", (_what, facts, issue) => {
  expect(issues({ guests: [web, { ...db, ...facts }] })).toEqual([issue]);
});

test.each([
  ["an address with another port", { address: "10.0.0.101", ssh_port: 2222 }],
  ["no known address, as another one", { address: null }],
])("a guest with %s is another one", (_what, facts) => {
  expect(
    issues({
      guests: [
        { ...web, ...(facts.address === null ? facts : {}) },
        { ...db, ...facts },
      ],
    }),
  ).toEqual([]);
});

test.each(["prod", "Lab_2", "my-lab"])("an environment may be called %s", (environment) => {
  expect(issues({ environment })).toEqual([]);
});

test.each(["", "../../x", ".hidden", "a/b", "-x", "a b", "a\nb"])(
  "but not %j: files are named after it",
  (environment) => {
    expect(issues({ environment })).toEqual([
      "environment: must be letters, digits, - and _, and begin with a letter or digit",
    ]);
  },
);

test.each(["", "a/b", "a\\b", "a\nb", "a\u001b[2Jb", "a\u009bb"])("no guest is called %j", (name) => {
  expect(issues({ guests: [{ ...web, name }] })).toEqual([
    "guests.0.name: must not be empty, and have no slashes and control characters",
  ]);
});

test("the published schema refuses the same names", () => {
  const published = z.fromJSONSchema(JSON.parse(readFileSync("docs/inventory.schema.json", "utf8")));
  const document = { schema_version: 1, environment: "prod", guests: [web], services: [] };
  expect(published.safeParse(document).success).toBe(true);
  expect(published.safeParse({ ...document, environment: "../../x" }).success).toBe(false);
  expect(published.safeParse({ ...document, guests: [{ ...web, name: "a/b" }] }).success).toBe(false);
});
