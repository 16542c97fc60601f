import { describe, expect, test } from "vitest";
import { type Inventory, inventorySchema } from "../model/inventory.ts";
import { isProblem } from "../model/problem.ts";
import { type NameFormat, nameFormats, nameRecords } from "./names.ts";

const guest = (name: string, vmid: number, address: string | null) => ({
  ...{ name, type: "vm", vmid, node: "pve1", address, ssh_user: "debian", ssh_port: 22, docker: true },
  ...{ agent: true, node_exporter: true, log_agent: null, started: true, on_boot: true, tags: [] },
});
const service = (name: string, of: { guest: string | null; host: string | null; url?: string }) => ({
  ...{ name, kind: name, url: "http://192.168.1.51:8080", health_path: "/", port: 8080, scrape: null },
  ...{ monitor: true, ...of },
});

function inventory(environment: string, parts: object): Inventory {
  const empty = { schema_version: 2, environment, domain: null, nodes: [], guests: [], services: [] };
  return inventorySchema.parse({ ...empty, ...parts });
}

const monitoring = inventory("monitoring", {
  domain: "home.lan",
  guests: [guest("stack", 251, "192.168.1.51")],
  services: [
    service("traefik", { guest: "stack", host: "traefik" }),
    service("grafana", { guest: "stack", host: "grafana" }),
    service("node-exporter", { guest: "stack", host: null }),
  ],
});
const prod = inventory("prod", {
  guests: [guest("web", 201, "192.168.1.20")],
  services: [service("wiki", { guest: "web", host: "wiki" })],
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isProblem(error)) return error.code;
    throw error;
  }
  return "none";
}

describe("records", () => {
  test("services of all environments lead to the machine of Traefik, sorted, whatever the order of inventories", () => {
    const records = ["grafana", "traefik", "wiki"].map((host) => ({
      name: `${host}.home.lan`,
      address: "192.168.1.51",
    }));
    expect(nameRecords([prod, monitoring])).toEqual(records);
    expect(nameRecords([monitoring, prod])).toEqual(records);
  });

  test("a host that two environments have is one record", () => {
    const lab = inventory("lab", { services: [service("wiki", { guest: null, host: "wiki" })] });
    const names = nameRecords([monitoring, prod, lab]).map(({ name }) => name);
    expect(names.filter((name) => name === "wiki.home.lan")).toHaveLength(1);
  });

  test("where the guest's address is not known, the address of the service counts", () => {
    const dhcp = inventory("monitoring", {
      domain: "home.lan",
      guests: [guest("stack", 251, null)],
      services: [service("traefik", { guest: "stack", host: "traefik", url: "http://[fd00::51]:8080" })],
    });
    expect(nameRecords([dhcp])).toEqual([{ name: "traefik.home.lan", address: "fd00::51" }]);
  });

  test("without a domain, or without Traefik behind it, there are no records to make", () => {
    expect(codeOf(() => nameRecords([prod]))).toBe("names-no-traefik");
    const broken = inventory("monitoring", {
      domain: "home.lan",
      services: [service("grafana", { guest: null, host: "grafana" })],
    });
    expect(codeOf(() => nameRecords([broken]))).toBe("names-no-address");
    const named = inventory("monitoring", {
      domain: "home.lan",
      services: [service("traefik", { guest: null, host: "traefik", url: "https://traefik.home.lan" })],
    });
    expect(codeOf(() => nameRecords([named]))).toBe("names-no-address");
  });
});

test.each<[NameFormat, string]>([
  ["hosts", "192.168.1.51 wiki.home.lan\nfd00::51 six.home.lan"],
  ["dnsmasq", "host-record=wiki.home.lan,192.168.1.51\nhost-record=six.home.lan,fd00::51"],
  ["pihole", '[\n  "192.168.1.51 wiki.home.lan",\n  "fd00::51 six.home.lan"\n]'],
  [
    "adguard",
    "|wiki.home.lan^$dnsrewrite=NOERROR;A;192.168.1.51\n|six.home.lan^$dnsrewrite=NOERROR;AAAA;fd00::51",
  ],
  [
    "unbound",
    'server:\n  local-data: "wiki.home.lan. IN A 192.168.1.51"\n  local-data: "six.home.lan. IN AAAA fd00::51"',
  ],
])("%s", (format, text) => {
  const records = [
    { name: "wiki.home.lan", address: "192.168.1.51" },
    { name: "six.home.lan", address: "fd00::51" },
  ];
  expect(nameFormats[format](records).join("\n")).toBe(text);
});
