import type { Alert } from "../../alert.ts";
import { ours } from "../our-metrics.ts";

const labels = { env: "prod" };
/** The tests begin at second 0 of Unix time: a check 8 hours before is at -28800. */
const checked = (timestamp: number) => ({
  [ours("pve_health_last_check_timestamp", labels)]: `${timestamp}x100`,
});

export const healthCheckStale: Alert = {
  name: "HealthCheckStale",
  severity: "warning",
  for: "1h",
  expr: "time() - max by (env) (pve_health_last_check_timestamp) > 28800",
  summary: "The health of {{ $labels.env }} is no longer checked",
  description:
    "The last health check of {{ $labels.env }} finished {{ $value | humanizeDuration }} ago, more than 8 hours.",
  runbook: {
    meaning:
      "No health check of this environment has finished for eight hours, or none could write its result.",
    look: [
      "The timer or cron job that runs `pve-home health --all`: when it last ran, and what it said.",
      "`ls -l /var/lib/prometheus/node-exporter`: the time of `pve_health.prom`.",
    ],
    causes: ["the timer is off, or fails", "the folder for metrics cannot be written"],
    mend: "Switch the timer on, or run `pve-home health --all` by hand. An environment that is gone: remove it from `pve-home.yaml`, and the next check forgets it.",
  },
  fires: [
    {
      name: "8 hours and a minute",
      series: checked(-28_800),
      at: "61m",
      alerts: [
        {
          labels,
          summary: "The health of prod is no longer checked",
          description: "The last health check of prod finished 9h 1m 0s ago, more than 8 hours.",
        },
      ],
    },
  ],
  silent: [{ name: "8 hours", series: checked(-28_800 + 61 * 60) }],
};
