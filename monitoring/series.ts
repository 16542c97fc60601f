import type { Labels, SeriesValues } from "./alert.ts";

// Targets as the stack's Prometheus labels them, for the tests of alerts.
export const vm = { job: "node", instance: "web", role: "vm", environment: "prod" } as const;
export const container = { job: "node", instance: "dns", role: "lxc", environment: "prod" } as const;
export const host = { job: "node", instance: "pve1", role: "pve", environment: "prod" } as const;

/** A metric's name with labels, as in an exposition: `up{job="node"}`. */
export function series(metric: string, ...labels: readonly Labels[]): string {
  const pairs = Object.entries(Object.assign({}, ...labels) as Labels);
  return `${metric}{${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",")}}`;
}

/** What pve-exporter says of one thing, asked through both nodes of a cluster: each series is there twice. */
export function fromBothNodes(metric: string, values: string, ...labels: readonly Labels[]): SeriesValues {
  const through = (instance: string) =>
    series(metric, { job: "pve", instance, role: "pve", environment: "prod" }, ...labels);
  return { [through("pve1")]: values, [through("pve2")]: values };
}
