import { expect, test } from "vitest";
import type { SeenMonitor } from "../connect/uptime-kuma/monitor.ts";
import type { Inventory, Service } from "../model/inventory.ts";
import { planMonitors, wantedMonitors } from "./monitors.ts";
import type { StackService } from "./rendered.ts";

function entry(name: string, parts: Partial<Service> = {}): Service {
  const usual = {
    kind: name,
    guest: null,
    url: `http://192.168.1.51:${name.length}000`,
    health_path: "/ready",
  };
  return { name, ...usual, host: null, port: 80, scrape: null, monitor: true, ...parts };
}

function service(parts: Partial<StackService> = {}): StackService {
  const addresses = { health_path: "/ready", monitor: true, direct_url: null, url: null };
  return { image: "a:1", container: true, container_port: 3100, published: [], ...addresses, ...parts };
}

const inventory = (environment: string, services: Service[]): Inventory => ({
  ...{ schema_version: 2, environment, domain: null, nodes: [], guests: [], services },
});

test("services of the stack are watched in its network, others at their address", () => {
  const stack = {
    services: { loki: service(), "node-exporter": service({ container: false }) },
    service_entries: [entry("loki"), entry("node-exporter"), entry("quiet", { monitor: false })],
  };
  const { wanted } = wantedMonitors(stack, "monitoring", [
    // Of the same environment, as it was applied: the stack says it better.
    inventory("monitoring", [entry("loki"), entry("minio")]),
    inventory("prod", [entry("loki", { url: "http://192.168.1.20/base/", health_path: null })]),
  ]);
  expect(wanted.map(({ name, url }) => [name, url])).toEqual([
    ["loki (monitoring)", "http://loki:3100/ready"],
    ["node-exporter (monitoring)", "http://192.168.1.51:13000/ready"],
    ["minio (monitoring)", "http://192.168.1.51:5000/ready"],
    ["loki (prod)", "http://192.168.1.20/base/"],
  ]);
  expect(wanted.map((one) => one.accepted_statuscodes)).toEqual([
    ["200"],
    ["200"],
    ["200"],
    ["100-199", "200-299", "300-399", "400-499"],
  ]);
});

test("what only this machine reaches is left out by name", () => {
  const services = [
    "http://127.20.0.1:8080",
    "http://localhost:1",
    "http://[::1]:2",
    "http://web.home.lan",
  ].map((url, index) => entry(`s${index}`, { url }));
  const { wanted, unreachable } = wantedMonitors({ services: {}, service_entries: [] }, "monitoring", [
    inventory("lab", services),
  ]);
  expect(wanted.map(({ name }) => name)).toEqual(["s3 (lab)"]);
  expect(unreachable).toHaveLength(3);
});

const { wanted } = wantedMonitors({ services: {}, service_entries: [] }, "monitoring", [
  inventory("prod", [entry("wiki"), entry("mail"), entry("web")]),
]);
const [wiki, mail, web] = wanted;

function seen(id: number, of: object): SeenMonitor {
  return { id, type: "http", name: "", accepted_statuscodes: [], ...of };
}

test("what is there is neither made nor changed, in whatever order it is listed", () => {
  const all = wanted.map((one, index) => seen(9 - index, one));
  expect(planMonitors(wanted, all)).toEqual({ create: [], change: [], remove: [] });
});

test("missing ones are made, others changed in what differs, and those of services that are gone removed", () => {
  const gone = seen(3, { name: "old", description: "pve-home: prod/old" });
  const plan = planMonitors(wanted, [
    seen(1, { ...wiki, url: "http://192.168.1.9/" }),
    seen(2, { ...mail }),
    gone,
  ]);
  expect(plan.create).toEqual([web]);
  expect(plan.change.map(({ seen: { id }, fields }) => [id, fields])).toEqual([[1, { url: wiki?.url }]]);
  expect(plan.remove).toEqual([gone]);
});

test("a monitor without the mark is another's, whatever its name and address", () => {
  const theirs = [
    seen(1, { ...wiki, description: null }),
    seen(2, { ...mail, description: "my pve-home: prod/mail" }),
  ];
  const plan = planMonitors([], theirs);
  expect(plan.remove).toEqual([]);
  expect(planMonitors(wanted, theirs).create).toEqual(wanted);
});

test("what a user added to the description, or sets besides, is kept", () => {
  const own = {
    interval: 300,
    active: false,
    description: `${wiki?.description}\nasks for the cellar's wiki`,
  };
  const plan = planMonitors(wiki === undefined ? [] : [wiki], [seen(1, { ...wiki, ...own })]);
  expect(plan).toEqual({ create: [], change: [], remove: [] });
});
