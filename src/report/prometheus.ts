import { type DriftReport, type DriftStatus, driftOf, type UnmanagedReport } from "../model/drift.ts";
import { byComponent, type HealthReport } from "../model/health.ts";
import { type MetricName, metrics } from "../model/metrics.ts";
import { spelled } from "../model/outgoing-text.ts";
import { Problem } from "../model/problem.ts";
import type { Status } from "../model/status.ts";

interface Series {
  /** In the order of the catalogue's labels. */
  labels: readonly string[];
  value: number;
}

const healthValues = {
  ok: 0,
  warn: 0,
  fail: 1,
  unknown: 2,
  pending: 3,
  skipped: undefined,
} as const satisfies Record<Status, number | undefined>;

const driftValues = { ok: 0, drift: 1, unknown: 2 } as const satisfies Record<DriftStatus, number>;

/**
 * The text of `pve_health.prom`. Skipped components have no series; sample reports are left out.
 * Throws `duplicate-series` where an environment occurs twice: the collector would refuse the whole file.
 */
export function healthMetrics(reports: readonly HealthReport[]): string {
  const runs = real(reports).map((report) => ({
    env: report.environment,
    finished: finishedAt(report),
    components: byComponent(report.findings).filter((component) => component.status !== "skipped"),
  }));
  const perComponent = runs.flatMap(({ env, components }) =>
    components.map((component) => ({ ...component, labels: [env, component.component, component.type] })),
  );
  return [
    family(
      "pve_health_status",
      perComponent.flatMap(({ labels, status }) => {
        const value = healthValues[status];
        return value === undefined ? [] : { labels, value };
      }),
    ),
    family(
      "pve_health_check_duration_seconds",
      perComponent.map(({ labels, durationMs }) => ({ labels, value: Math.round(durationMs) / 1000 })),
    ),
    family(
      "pve_health_last_check_timestamp",
      runs.map(({ env, finished }) => ({ labels: [env], value: finished })),
    ),
    family(
      "pve_health_components_total",
      runs.map(({ env, components }) => ({ labels: [env], value: components.length })),
    ),
    family(
      "pve_health_components_healthy",
      runs.map(({ env, components }) => ({
        labels: [env],
        value: components.filter(({ status }) => healthValues[status] === 0).length,
      })),
    ),
  ].join("");
}

/**
 * The text of `pve_drift.prom`. Where a check failed there is no count: it is not known. Sample reports are left
 * out. Throws `duplicate-series` where an environment occurs twice.
 */
export function driftMetrics(reports: readonly DriftReport[], unmanaged?: UnmanagedReport): string {
  const runs = real(reports);
  return [
    family(
      "pve_drift_status",
      runs.map((report) => ({ labels: [report.environment], value: driftValues[report.status] })),
    ),
    family(
      "pve_drift_resources_changed",
      runs
        .filter((report) => report.status !== "unknown")
        .map((report) => ({ labels: [report.environment], value: driftOf(report.findings).length })),
    ),
    family(
      "pve_drift_last_check_timestamp",
      runs.map((report) => ({ labels: [report.environment], value: finishedAt(report) })),
    ),
    family(
      "pve_drift_unmanaged",
      real(unmanaged === undefined ? [] : [unmanaged])
        .filter((report) => report.status !== "unknown")
        .map((report) => ({ labels: [], value: report.findings.length })),
    ),
  ].join("");
}

function real<T extends { sample?: true }>(reports: readonly T[]): T[] {
  return reports.filter((report) => !report.sample);
}

/** Unix seconds. */
function finishedAt({ startedAt, durationMs }: { startedAt: string; durationMs: number }): number {
  return Math.floor((Date.parse(startedAt) + durationMs) / 1000);
}

function family(name: MetricName, series: readonly Series[]): string {
  if (series.length === 0) return "";
  const { help, labels } = metrics[name];
  const lines = series.map((one) => `${name}${labelSet(labels, one.labels)} ${one.value}`);
  const names = series.map((one) => labelSet(labels, one.labels));
  const duplicate = names.find((set, index) => names.indexOf(set) !== index);
  if (duplicate !== undefined) {
    throw new Problem({
      kind: "bug",
      code: "duplicate-series",
      message: `${name}${duplicate} would be written twice`,
    });
  }
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines.toSorted(), ""].join("\n");
}

function labelSet(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return "";
  return `{${names.map((name, index) => `${name}="${escapeLabel(values[index] ?? "")}"`).join(",")}}`;
}

function escapeLabel(value: string): string {
  return spelled(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
