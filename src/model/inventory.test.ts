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
  node_exporter: true,
  log_agent: null,
  started: true,
  on_boot: true,
  tags: [],
};
const db = { ...web, name: "db", vmid: 102, address: "10.0.0.102" };

const site = {
  name: "site",
  kind: "http",
  guest: null,
  url: "http://10.0.0.101:8080",
  health_path: "/healthz",
  host: "site",
  port: 8080,
  scrape: { path: "/metrics", port: 9100, job: "site" },
  monitor: true,
};
const node = { name: "pve1", address: "10.0.0.1", api_port: 8006, node_exporter: false };
const empty = {
  schema_version: 2,
  environment: "prod",
  domain: "home.lan",
  nodes: [],
  guests: [],
  services: [],
};

function issues(facts: Record<string, unknown>): string[] {
  const document = { ...empty, ...facts };
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

test("two nodes or services of one name, and two services of one host, are refused", () => {
  expect(issues({ nodes: [node, { ...node, address: null }] })).toEqual([
    "nodes.1.name: is declared twice, by pve1 and pve1",
  ]);
  const other = { ...site, name: "other" };
  expect(issues({ services: [site, other] })).toEqual([
    "services.1.host: is declared twice, by site and other",
  ]);
  expect(issues({ services: [site, { ...site, host: null }] })).toEqual([
    "services.1.name: is declared twice, by site and site",
  ]);
  expect(
    issues({ services: [site, { ...other, host: "other" }, { ...other, name: "third", host: null }] }),
  ).toEqual([]);
});

test("a service is on a guest of the same inventory, or on none", () => {
  expect(issues({ guests: [web], services: [{ ...site, guest: "web" }] })).toEqual([]);
  expect(issues({ guests: [web], services: [{ ...site, guest: "wbe" }] })).toEqual([
    "services.0.guest: must be a guest of this inventory, or null; there is no guest wbe",
  ]);
});

test.each([
  ["http://10.0.0.1", true],
  ["https://[fd00::1]:8443/base/", true],
  ["http://user:pass@10.0.0.1", false],
  ["http://10.0.0.1/?x=1", false],
  ["http://10.0.0.1/#x", false],
  ["ftp://10.0.0.1", false],
  ["http://[::1", false],
  ["http://10.0.0.1:99999", false],
  ["http://a b", false],
])("the url %s: %s", (url, accepted) => {
  expect(issues({ services: [{ ...site, url }] }).length === 0).toBe(accepted);
});

test.each([
  ["host", "Site", "must be lower-case letters, digits and - (at most 63)"],
  ["host", "site.home", "must be lower-case letters, digits and - (at most 63)"],
  ["health_path", "healthz", "must begin with a slash"],
])("%s is not %s", (key, value, message) => {
  expect(issues({ services: [{ ...site, [key]: value }] })).toEqual([`services.0.${key}: ${message}`]);
});

test.each([undefined, null, "10.0.0.5"])("a service with the address %j is a service", (address) => {
  expect(issues({ services: [{ ...site, address }] })).toEqual([]);
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
  const document = { ...empty, nodes: [node], guests: [web], services: [site] };
  expect(published.safeParse(document).success).toBe(true);
  expect(published.safeParse({ ...document, environment: "../../x" }).success).toBe(false);
  expect(published.safeParse({ ...document, guests: [{ ...web, name: "a/b" }] }).success).toBe(false);
});

test("every field of the published schema is described", () => {
  const published = JSON.parse(readFileSync("docs/inventory.schema.json", "utf8"));
  expect(undescribed(published, "inventory")).toEqual([]);
});

interface Described {
  description?: string;
  properties?: Record<string, Described>;
  items?: Described;
  anyOf?: Described[];
}

function undescribed({ properties = {}, items, anyOf = [] }: Described, path: string): string[] {
  const inside = [items, ...anyOf].flatMap((one) => (one === undefined ? [] : undescribed(one, path)));
  const own = Object.entries(properties).flatMap(([name, field]) => [
    ...(field.description === undefined ? [`${path}.${name}`] : []),
    ...undescribed(field, `${path}.${name}`),
  ]);
  return [...inside, ...own];
}
