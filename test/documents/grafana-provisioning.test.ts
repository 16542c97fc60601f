import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { root } from "../../tools/private-copy.ts";

// Grafana itself cannot be started in tests: what it would refuse is refused here. Keys and types as in its documentation,
// "Provision Grafana" (data sources, dashboards), and in pkg/services/provisioning/{datasources,dashboards}/types.go.

const files = join(root, "infrastructure/proxmox/modules/monitoring-stack/files/grafana");

const dataSources = z.strictObject({
  apiVersion: z.literal(1),
  prune: z.boolean().optional(),
  datasources: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        // What Grafana takes as a uid: letters, digits, - and _, at most 40.
        uid: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/),
        type: z.enum(["prometheus", "loki", "alertmanager"]),
        access: z.literal("proxy"),
        url: z.url(),
        isDefault: z.boolean(),
        editable: z.boolean(),
        jsonData: z.strictObject({
          timeInterval: z
            .string()
            .regex(/^\d+[smh]$/)
            .optional(),
          manageAlerts: z.boolean().optional(),
          implementation: z.enum(["prometheus", "mimir", "cortex"]).optional(),
          handleGrafanaManagedAlerts: z.boolean().optional(),
        }),
      }),
    )
    .min(1),
});

const dashboardProviders = z.strictObject({
  apiVersion: z.literal(1),
  providers: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        orgId: z.int().min(1),
        folder: z.string(),
        type: z.literal("file"),
        disableDeletion: z.boolean(),
        allowUiUpdates: z.boolean(),
        updateIntervalSeconds: z.int().min(1),
        options: z.strictObject({ path: z.string().startsWith("/") }),
      }),
    )
    .min(1),
});

const namesIn = (folder: string) => readdirSync(join(files, folder)).sort();
const read = (path: string): unknown => parse(readFileSync(join(files, path), "utf8"));

const sources = namesIn("provisioning/datasources").flatMap(
  (name) => dataSources.parse(read(`provisioning/datasources/${name}`)).datasources,
);

test("the data sources are as Grafana reads them: each name and uid once, and one default", () => {
  for (const key of ["name", "uid"] as const) {
    expect(new Set(sources.map((source) => source[key])).size).toBe(sources.length);
  }
  expect(sources.filter(({ isDefault }) => isDefault).map(({ uid }) => uid)).toEqual(["prometheus"]);
});

test("the provider of dashboards is as Grafana reads it, and looks where compose puts them", () => {
  const [provider] = dashboardProviders.parse(read("provisioning/dashboards/dashboards.yml")).providers;
  const compose = readFileSync(join(files, "../docker-compose.yml.tpl"), "utf8");
  expect(compose).toContain(`./grafana/dashboards:${provider?.options.path}:ro`);
});

const panel = z.object({
  id: z.int().min(1),
  type: z.enum([
    "stat",
    "timeseries",
    "table",
    "logs",
    "state-timeline",
    "bargauge",
    "gauge",
    "text",
    "barchart",
  ]),
  title: z.string().min(1),
  gridPos: z.object({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1).max(24), h: z.int().min(1) }),
  datasource: z.object({ type: z.string(), uid: z.string() }),
  targets: z.array(z.object({ refId: z.string(), expr: z.string().min(1) })).min(1),
});

const dashboard = z.object({
  uid: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/),
  title: z.string().min(1),
  schemaVersion: z.int().min(36),
  editable: z.literal(false),
  time: z.object({ from: z.string().startsWith("now-"), to: z.literal("now") }),
  panels: z.array(panel).min(1),
});

test.each(namesIn("dashboards"))(
  "%s has the shape of a dashboard, and asks data sources that exist",
  (name) => {
    const parsed = dashboard.parse(JSON.parse(readFileSync(join(files, "dashboards", name), "utf8")));
    // By it Grafana finds a file again; twice the same stops all of them.
    expect(parsed.uid).toBe(name.replace(/\.json$/, ""));
    for (const { datasource, title } of parsed.panels) {
      const known = sources.map(({ type, uid }) => ({ type, uid }));
      expect(known, `${parsed.uid}, ${title}`).toContainEqual(datasource);
    }
  },
);
