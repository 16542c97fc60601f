import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { root } from "../../tools/private-copy.ts";
import { runChild } from "../../tools/programs/child.ts";
import { resolveProgram } from "../../tools/programs/index.ts";
import { blocks, text } from "./hcl-blocks.ts";
import { type RenderedStack, renderStacks, type StackVariables } from "./stack-files.test-helper.ts";

// The files of the stack agree with each other, whatever is switched on: what one names, another has.

const switches = [
  "traefik_enabled",
  "loki_enabled",
  "uptime_kuma_enabled",
  "node_exporter_container",
  "tls_enabled",
];

const service = {
  name: "wiki",
  guest: "web",
  url: "http://192.168.1.20:8080",
  host: "wiki",
  port: 8080,
  scrape: { path: "/metrics", port: 9200, job: "wiki" },
};
const inventories = [
  {
    schema_version: 2,
    environment: "prod",
    nodes: [{ name: "pve1", address: "192.168.1.50", api_port: 8006, node_exporter: true }],
    guests: [{ name: "web", type: "vm", address: "192.168.1.20", node_exporter: true }],
    services: [service],
  },
];

/** All combinations that the variables accept, by a name such as `traefik_loki_tls`; both log agents among them. */
function combinations(): Record<string, StackVariables> {
  const all = Array.from({ length: 2 ** switches.length }, (_, bits) =>
    Object.fromEntries(switches.map((name, index) => [name, (bits & (1 << index)) !== 0])),
  ).filter((one) => one.traefik_enabled || !one.tls_enabled);
  const named = all.map((one, index) => {
    const on = switches.filter((name) => one[name]).map((name) => name.replace(/_(enabled|container)$/, ""));
    const more = { log_agent: index % 2 === 0 ? "promtail" : "alloy", uptime_kuma_metrics: index % 3 === 0 };
    const telegram = index % 4 === 0 ? { telegram_chat_id: -100123 } : {};
    return [
      ["on", ...on].join("_"),
      { ...one, ...more, ...telegram, ip_address: "192.168.1.51", inventories },
    ];
  });
  return Object.fromEntries(named);
}

const sets = combinations();
const names = Object.keys(sets);
let stacks: Record<string, RenderedStack>;

beforeAll(async () => {
  stacks = await renderStacks(sets);
});

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      ports: z.array(z.string()).default([]),
      volumes: z.array(z.string()).default([]),
      secrets: z.array(z.string()).default([]),
      environment: z.record(z.string(), z.string()).default({}),
      labels: z.record(z.string(), z.string()).default({}),
      networks: z.array(z.string()),
      depends_on: z.array(z.string()).default([]),
      mem_limit: z.string(),
      logging: z.object({ driver: z.literal("json-file") }),
      restart: z.literal("unless-stopped"),
    }),
  ),
  networks: z.record(z.string(), z.object({ name: z.string() })),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});
const routesSchema = z.object({
  http: z.object({
    routers: z.record(
      z.string(),
      z.object({ rule: z.string(), entryPoints: z.array(z.string()), service: z.string() }),
    ),
    services: z.record(
      z.string(),
      z.object({ loadBalancer: z.object({ servers: z.array(z.object({ url: z.string() })) }) }),
    ),
  }),
});
const prometheusSchema = z.object({
  scrape_configs: z.array(
    z.object({
      job_name: z.string(),
      static_configs: z.array(z.object({ targets: z.array(z.string()) })).default([]),
      file_sd_configs: z.array(z.object({ files: z.array(z.string()) })).default([]),
    }),
  ),
});

function stackOf(name: string) {
  const stack = stacks[name];
  if (stack === undefined) throw new Error(`${name} was not rendered`);
  const yaml = (path: string) => parse(stack.files[path]?.content ?? "null", { merge: true });
  const containers = Object.entries(stack.services).filter(([, one]) => one.container);
  return { ...stack, yaml, containers, compose: composeSchema.parse(yaml("docker-compose.yml")) };
}

test("every combination but HTTPS without Traefik is rendered", () => {
  expect(names.length).toBe(24);
  expect(Object.keys(stacks).sort()).toEqual([...names].sort());
});

test.each(names)("%s: the containers are those of the services, each with its ports and labels", (name) => {
  const { containers, compose, service_urls } = stackOf(name);
  expect(Object.keys(compose.services).sort()).toEqual(containers.map(([one]) => one).sort());
  for (const [one, { image, published, routed, container_port: port }] of containers) {
    const container = compose.services[one];
    const ports = published.map(
      (each) => `${each.address === "" ? "" : `${each.address}:`}${each.port}:${each.documented}`,
    );
    expect(container?.ports, one).toEqual(ports);
    expect(container?.image, one).toBe(image);
    const labels = {
      "traefik.enable": "true",
      [`traefik.http.services.${one}.loadbalancer.server.port`]: `${port}`,
    };
    expect(container?.labels, one).toEqual(routed ? labels : {});
    expect(Object.hasOwn(service_urls, one), one).toBe(!["docker-proxy", "node-exporter"].includes(one));
  }
});

test.each(names)("%s: what a container names is there", (name) => {
  const { compose, files, directories, secrets, containers } = stackOf(name);
  const folders = new Set([...Object.keys(files), ...Object.keys(directories)].flatMap(parents));
  for (const [one, container] of Object.entries(compose.services)) {
    for (const other of container.depends_on) expect(compose.services, one).toHaveProperty([other]);
    for (const network of container.networks) expect(compose.networks, one).toHaveProperty([network]);
    for (const secret of container.secrets) expect(secrets[secret]?.services, one).toContain(one);
    for (const volume of container.volumes.filter((each) => each.startsWith("./"))) {
      expect(folders, one).toContain(volume.slice(2).split(":")[0]);
    }
    // The socket is as good as root: the proxy alone has it.
    expect(
      container.volumes.some((each) => each.includes("docker.sock")),
      one,
    ).toBe(one === "docker-proxy");
  }
  const mounted = Object.fromEntries(
    Object.entries(secrets).map(([one, { path }]) => [one, { file: `./${path}` }]),
  );
  expect(compose.secrets).toEqual(mounted);
  const used = Object.values(secrets).flatMap((secret) => secret.services);
  expect(containers.map(([one]) => one)).toEqual(expect.arrayContaining(used));
});

test.each(names)("%s: every route leads to a container or a guest, one for each name", (name) => {
  const { services, yaml, compose, certificates } = stackOf(name);
  const hosts = Object.values(services).flatMap(({ host_name: host }) => host ?? []);
  if (!sets[name]?.traefik_enabled) return expect(hosts).toEqual([]);
  const { http } = routesSchema.parse(yaml("traefik/dynamic/dynamic.yml"));
  const rules = Object.values(http.routers).map(({ rule }) => rule);
  expect(rules.flatMap((rule) => /^Host\(`[^`]+`\)/.exec(rule)?.[0] ?? []).sort()).toEqual(
    [...hosts, "wiki.home.lan"].map((host) => `Host(\`${host}\`)`).sort(),
  );
  const inner = Object.values(http.routers).flatMap((router) =>
    router.service === "api@internal" ? [] : router.service,
  );
  expect(inner.sort()).toEqual(Object.keys(http.services).sort());
  for (const { loadBalancer } of Object.values(http.services)) {
    const { hostname, port } = new URL(loadBalancer.servers[0]?.url ?? "");
    if (hostname === "192.168.1.20") expect(port).toBe("8080");
    else {
      expect(compose.services).toHaveProperty([hostname]);
      expect(String(services[hostname]?.container_port)).toBe(port);
    }
  }
  expect(certificates?.names ?? []).toEqual(
    sets[name]?.tls_enabled ? [...[...hosts, "wiki.home.lan"].sort(), "*.home.lan"] : [],
  );
});

test.each(names)("%s: every scrape target is a container, the machine, a guest or a node", (name) => {
  const { services, yaml, files } = stackOf(name);
  const jobs = prometheusSchema.parse(yaml("prometheus/prometheus.yml")).scrape_configs;
  const own = Object.values(services).flatMap(({ job }) => job ?? []);
  expect(jobs.map((job) => job.job_name).sort()).toEqual(["node", "pve", "services", ...own].sort());
  for (const { job_name: job, static_configs: fixed, file_sd_configs: found } of jobs) {
    for (const target of fixed.flatMap(({ targets }) => targets)) {
      const [host = "", port] = target.replace("localhost", job).split(":");
      expect(String(services[host]?.container_port), target).toBe(port);
    }
    for (const file of found.flatMap((each) => each.files))
      expect(files).toHaveProperty([`prometheus/${file}`]);
  }
  const node = services["node-exporter"]?.container ? "node-exporter:9100" : "host.docker.internal:9100";
  const targets = z.array(z.object({ targets: z.array(z.string()) }));
  expect(targets.parse(yaml("prometheus/targets/node.yml")).flatMap((each) => each.targets)).toEqual([
    node,
    "192.168.1.20:9100",
    "192.168.1.50:9100",
  ]);
});

test.each(names)("%s: every monitor asks a port that other machines reach", (name) => {
  const { service_entries: entries, ports, services } = stackOf(name);
  const open = Object.values(services)
    .flatMap((each) => each.published)
    .filter((each) => each.open);
  expect(Object.keys(ports).sort()).toEqual(open.map(({ port }) => String(port)).sort());
  for (const { name: one, url } of entries) {
    const { port, protocol } = new URL(url);
    if (one === "node-exporter" && !services[one]?.container) continue;
    expect(ports, url).toHaveProperty([port || (protocol === "https:" ? "443" : "80")]);
  }
  // With TLS the port of the container is closed, and it has no name.
  const closed = sets[name]?.tls_enabled && sets[name]?.node_exporter_container ? "node-exporter" : "";
  expect(entries.map((entry) => entry.name)).toEqual(
    Object.keys(services)
      .filter((one) => one !== "docker-proxy" && one !== closed)
      .sort(),
  );
});

test.each(names)("%s: what is off leaves no trace", (name) => {
  const { files, ...outputs } = stacks[name] ?? { files: {} };
  const set = sets[name] ?? {};
  const off = [
    ...(set.traefik_enabled ? [] : ["traefik"]),
    ...(set.loki_enabled ? [] : ["loki", "promtail", "alloy"]),
    ...(set.loki_enabled && set.log_agent === "alloy" ? ["promtail"] : []),
    ...(set.loki_enabled && set.log_agent === "promtail" ? ["alloy"] : []),
    ...(set.uptime_kuma_enabled ? [] : ["uptime-kuma", "kuma"]),
    ...(set.traefik_enabled || set.loki_enabled ? [] : ["docker-proxy", "docker.sock", "docker-api"]),
    ...(set.tls_enabled ? [] : ["certs/"]),
  ];
  // What the generator writes is for all: default.yml and dashboards name services in their texts.
  const written = Object.entries(files).filter(([path]) => !/(default\.yml|\.json)$/.test(path));
  const told = [
    ...written.map(([path, { content }]) => [path, content]),
    ["outputs", JSON.stringify(outputs)],
  ];
  const traces = off.flatMap((word) =>
    told
      .filter(([path, text]) => `${path}\n${text}`.toLowerCase().includes(word))
      .map(([path]) => `${word} in ${path}`),
  );
  expect(traces).toEqual([]);
});

test("guests and the stack run the same log agents, and the same proxy before Docker", async () => {
  const hcl = await readFile(join(root, "infrastructure/proxmox/modules/vm/variables.tf"), "utf8");
  const defaults = new Map(blocks("variable", hcl).map(({ name, body }) => [name, text("default", body)]));
  const images = Object.assign({}, ...Object.values(stacks).map(({ services }) => services));
  for (const name of ["promtail", "alloy", "docker-proxy"]) {
    expect(images[name]?.image, name).toBe(defaults.get(`${name.replace("-", "_")}_image`));
  }
});

test("promtool takes every configuration of Prometheus", async () => {
  const { path: promtool } = await resolveProgram("promtool");
  const folder = await mkdtemp(join(tmpdir(), "pve-home-stack-"));
  try {
    for (const [name, { files }] of Object.entries(stacks)) {
      for (const [path, { content }] of Object.entries(files)) {
        const file = join(folder, name, path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
      }
    }
    const configs = names.map((name) => join(folder, name, "prometheus", "prometheus.yml"));
    const { code, output } = await runChild(promtool, ["check", "config", ...configs], { cwd: folder });
    expect(code, output).toBe(0);
    expect(output.match(/SUCCESS: .* is valid prometheus config file/g)).toHaveLength(names.length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function parents(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
