import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const labels = { job: "loki", instance: "loki" };
const ran = (timestamp: number) => ({
  [series("loki_compactor_apply_retention_last_successful_run_timestamp_seconds", labels)]:
    `${timestamp}x200`,
});

export const lokiRetentionStalled: Alert = {
  name: "LokiRetentionStalled",
  severity: "warning",
  for: "1h",
  // 0 before the first run.
  expr: "time() - (loki_compactor_apply_retention_last_successful_run_timestamp_seconds != 0) > 10800",
  summary: "Loki no longer removes old logs",
  description:
    "Loki removed old logs {{ $value | humanizeDuration }} ago for the last time: its disk will fill.",
  runbook: {
    meaning: "The compactor, which removes logs after their retention, has not succeeded for hours.",
    look: [
      "`docker compose -p monitoring logs loki 2>&1 | grep -i compactor | tail` on the monitoring machine.",
      "`du -sh data/loki` in the stack's folder.",
    ],
    causes: [
      "a full disk",
      "files of Loki that belong to another user",
      "an index that was damaged when the machine went down",
    ],
    mend: "Free the disk, give the files back to the containers' user (`chown -R 10001:10001 data/loki`), `docker compose -p monitoring restart loki`.",
  },
  fires: [
    {
      name: "three hours and a minute",
      series: ran(-10_800),
      at: "61m",
      alerts: [
        {
          labels,
          summary: "Loki no longer removes old logs",
          description: "Loki removed old logs 4h 1m 0s ago for the last time: its disk will fill.",
        },
      ],
    },
  ],
  silent: [
    { name: "three hours", series: ran(-10_800 + 61 * 60) },
    { name: "a Loki that has just started", series: ran(0) },
  ],
};
