// Every metric this program writes. The alert and dashboard generator reads the same table.

export interface MetricDefinition {
  help: string;
  labels: readonly string[];
}

export const metrics = {
  pve_health_status: {
    help: "Health of a component: 0 ok or warn, 1 fail, 2 unknown, 3 pending",
    labels: ["env", "component", "type"],
  },
  pve_health_check_duration_seconds: {
    help: "Seconds the slowest check of a component took",
    labels: ["env", "component", "type"],
  },
  pve_health_last_check_timestamp: { help: "Unix time of the last finished health run", labels: ["env"] },
  pve_health_components_total: { help: "Components that were checked", labels: ["env"] },
  pve_health_components_healthy: { help: "Components that are ok or warn", labels: ["env"] },
  pve_drift_status: { help: "Drift: 0 in line, 1 drift, 2 the check failed", labels: ["env"] },
  pve_drift_resources_changed: {
    help: "Resources that are outside, deleted or pending",
    labels: ["env"],
  },
  pve_drift_last_check_timestamp: { help: "Unix time of the last finished drift run", labels: ["env"] },
  pve_drift_unmanaged: { help: "Guests on the cluster that no state knows", labels: [] },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metrics;
