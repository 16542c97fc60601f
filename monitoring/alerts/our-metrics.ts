import type { MetricName } from "../../src/model/metrics.ts";
import type { Labels } from "../alert.ts";
import { series } from "../series.ts";

/** One of our own metrics, as node_exporter of the machine gives it that `pve-home` runs on. */
export function ours(metric: MetricName, labels: Labels = {}): string {
  return series(
    metric,
    { job: "node", instance: "monitoring-stack", role: "vm", environment: "monitoring" },
    labels,
  );
}
