import type { Alert } from "../../alert.ts";
import { ours } from "../our-metrics.ts";

const labels = { env: "prod" };
/** The tests begin at second 0 of Unix time: a check 48 hours before is at -172800. */
const checked = (timestamp: number) => ({
  [ours("pve_drift_last_check_timestamp", labels)]: `${timestamp}x100`,
});

export const driftCheckStale: Alert = {
  name: "DriftCheckStale",
  severity: "warning",
  for: "1h",
  expr: "time() - max by (env) (pve_drift_last_check_timestamp) > 172800",
  summary: "Drift of {{ $labels.env }} is no longer checked",
  description:
    "The last drift check of {{ $labels.env }} finished {{ $value | humanizeDuration }} ago, more than 48 hours.",
  runbook: {
    meaning: "No drift check of this environment has finished for two days, or none could write its result.",
    look: [
      "The timer or cron job that runs `pve-home drift --all`: when it last ran, and what it said.",
      "`ls -l /var/lib/prometheus/node-exporter`: the time of `pve_drift.prom`.",
    ],
    causes: [
      "the timer is off, or fails",
      "the machine was off at night",
      "the folder for metrics cannot be written",
    ],
    mend: "Switch the timer on, or run `pve-home drift --all` by hand. An environment that is gone: remove it from `pve-home.yaml`, and the next check forgets it.",
  },
  fires: [
    {
      name: "48 hours and a minute",
      series: checked(-172_800),
      at: "61m",
      alerts: [
        {
          labels,
          summary: "Drift of prod is no longer checked",
          description: "The last drift check of prod finished 2d 1h 1m 0s ago, more than 48 hours.",
        },
      ],
    },
  ],
  silent: [{ name: "48 hours", series: checked(-172_800 + 61 * 60) }],
};
