import { expect, test } from "vitest";
import { metrics } from "../model/metrics.ts";
import { driftMetrics, healthMetrics } from "./prometheus.ts";
import {
  driftFinding,
  driftReport,
  finding,
  healthReport,
  hostile,
  leftover,
  unmanagedReport,
} from "./test-reports.ts";

const report = healthReport([
  finding({ component: "web", check: "proxmox", durationMs: 12.4 }),
  finding({ component: "web", check: "ssh", status: "warn", durationMs: 340 }),
  finding({ component: "db", status: "fail", durationMs: 2100 }),
  finding({ component: "printer", type: "lxc", status: "unknown" }),
  finding({ component: "mail", type: "lxc", status: "pending" }),
  finding({ component: "old", status: "skipped" }),
]);

test("health: values, labels and order", () => {
  expect(healthMetrics([report])).toBe(`\
# HELP pve_health_status Health of a component: 0 ok or warn, 1 fail, 2 unknown, 3 pending
# TYPE pve_health_status gauge
pve_health_status{env="prod",component="db",type="vm"} 1
pve_health_status{env="prod",component="mail",type="lxc"} 3
pve_health_status{env="prod",component="printer",type="lxc"} 2
pve_health_status{env="prod",component="web",type="vm"} 0
# HELP pve_health_check_duration_seconds Seconds the slowest check of a component took
# TYPE pve_health_check_duration_seconds gauge
pve_health_check_duration_seconds{env="prod",component="db",type="vm"} 2.1
pve_health_check_duration_seconds{env="prod",component="mail",type="lxc"} 0.04
pve_health_check_duration_seconds{env="prod",component="printer",type="lxc"} 0.04
pve_health_check_duration_seconds{env="prod",component="web",type="vm"} 0.34
# HELP pve_health_last_check_timestamp Unix time of the last finished health run
# TYPE pve_health_last_check_timestamp gauge
pve_health_last_check_timestamp{env="prod"} 1795154402
# HELP pve_health_components_total Components that were checked
# TYPE pve_health_components_total gauge
pve_health_components_total{env="prod"} 4
# HELP pve_health_components_healthy Components that are ok or warn
# TYPE pve_health_components_healthy gauge
pve_health_components_healthy{env="prod"} 1
`);
});

test("the order of the runs does not matter", () => {
  const lab = healthReport([finding({})], { environment: "lab" });
  expect(healthMetrics([report, lab])).toBe(healthMetrics([lab, report]));
});

test("drift: outside, deleted and pending are counted, noise is not", () => {
  const prod = driftReport([
    driftFinding({}),
    driftFinding({ verdict: "deleted" }),
    driftFinding({ verdict: "pending" }),
    driftFinding({ verdict: "noise" }),
  ]);
  const lab = driftReport([driftFinding({ verdict: "noise" })], { environment: "lab" });
  const locked = driftReport([], { environment: "monitoring", status: "unknown" });
  expect(driftMetrics([prod, lab, locked], unmanagedReport([leftover]))).toBe(`\
# HELP pve_drift_status Drift: 0 in line, 1 drift, 2 the check failed
# TYPE pve_drift_status gauge
pve_drift_status{env="lab"} 0
pve_drift_status{env="monitoring"} 2
pve_drift_status{env="prod"} 1
# HELP pve_drift_resources_changed Resources that are outside, deleted or pending
# TYPE pve_drift_resources_changed gauge
pve_drift_resources_changed{env="lab"} 0
pve_drift_resources_changed{env="prod"} 3
# HELP pve_drift_last_check_timestamp Unix time of the last finished drift run
# TYPE pve_drift_last_check_timestamp gauge
pve_drift_last_check_timestamp{env="lab"} 1795154412
pve_drift_last_check_timestamp{env="monitoring"} 1795154412
pve_drift_last_check_timestamp{env="prod"} 1795154412
# HELP pve_drift_unmanaged Guests on the cluster that no state knows
# TYPE pve_drift_unmanaged gauge
pve_drift_unmanaged 1
`);
});

test("unmanaged guests have a series only where they were determined", () => {
  expect(driftMetrics([], unmanagedReport([]))).toContain("\npve_drift_unmanaged 0\n");
  expect(driftMetrics([], unmanagedReport([], { status: "unknown" }))).toBe("");
  expect(driftMetrics([])).toBe("");
});

test("an environment without components still says when it was checked", () => {
  const text = healthMetrics([healthReport([])]);
  expect(text).toContain('pve_health_components_total{env="prod"} 0\n');
  expect(text).toContain('pve_health_last_check_timestamp{env="prod"} ');
  expect(text).not.toContain("pve_health_status");
});

test("sample data never becomes a metric", () => {
  expect(healthMetrics([{ ...report, sample: true }])).toBe("");
  expect(driftMetrics([driftReport([], { sample: true })], unmanagedReport([], { sample: true }))).toBe("");
});

test("an environment that occurs twice is refused", () => {
  expect(() => healthMetrics([report, report])).toThrow(
    expect.objectContaining({ code: "duplicate-series" }),
  );
  const drift = driftReport([]);
  expect(() => driftMetrics([drift, drift])).toThrow(expect.objectContaining({ code: "duplicate-series" }));
});

test("the same component in two environments or of two types are different series", () => {
  const twice = healthReport([finding({ type: "vm" }), finding({ type: "lxc" })]);
  const text = healthMetrics([twice, { ...twice, environment: "lab" }]);
  expect(text.match(/^pve_health_status\{/gm)).toHaveLength(4);
});

test("labels are escaped: a strict reader gets the same text back", () => {
  const names = ['a"b', "a\\b", "a\\nb", "a\nb", "日本", 'a},x="'];
  const text = healthMetrics([healthReport(names.map((component) => finding({ component })))]);
  const series = readStrictly(text).filter(({ name }) => name === "pve_health_status");
  expect(series.map(({ labels }) => labels.component).toSorted()).toEqual(names.toSorted());
});

test("control characters of a name stay apart, and are spelled", () => {
  const names = [hostile, "a\u009bb", "a\u202eb"];
  const text = healthMetrics([healthReport(names.map((component) => finding({ component })))]);
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  const seen = readStrictly(text).filter(({ name }) => name === "pve_health_status");
  expect(seen.map(({ labels }) => labels.component)).toContain("a\\u202eb");
});

test("every line is one a strict reader takes, and of the catalogue", () => {
  const text = healthMetrics([report]) + driftMetrics([driftReport([])], unmanagedReport([]));
  const series = readStrictly(text);
  expect(new Set(series.map(({ name }) => name))).toEqual(new Set(Object.keys(metrics)));
  for (const { name, labels } of series) {
    expect(Object.keys(labels)).toEqual([...metrics[name as keyof typeof metrics].labels]);
  }
});

interface ReadSeries {
  name: string;
  labels: Record<string, string>;
}

/** The text format as Prometheus reads it: HELP, TYPE, then the samples of that family alone. */
function readStrictly(text: string): ReadSeries[] {
  const series: ReadSeries[] = [];
  let family = "";
  expect(text.endsWith("\n")).toBe(true);
  for (const line of text.slice(0, -1).split("\n")) {
    const head = /^# (HELP|TYPE) (\w+) (.+)$/.exec(line);
    if (head !== null) {
      if (head[1] === "TYPE") expect([head[2], head[3]]).toEqual([family, "gauge"]);
      family = head[2] ?? "";
      continue;
    }
    const sample = /^(\w+)(?:\{((?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\d+(?:\.\d+)?)$/.exec(line);
    expect(sample?.[1], line).toBe(family);
    const labels = [...(sample?.[2] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    series.push({
      name: family,
      labels: Object.fromEntries(labels.map(([, key, value]) => [key, unescaped(value ?? "")])),
    });
  }
  return series;
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
