import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const discarded = series(
  "loki_discarded_samples_total",
  { job: "loki", instance: "loki" },
  { format: "loki", reason: "rate_limited", retention_hours: "168", tenant: "fake" },
);

export const lokiDiscarding: Alert = {
  name: "LokiDiscarding",
  severity: "warning",
  for: "10m",
  expr: "sum by (reason) (rate(loki_discarded_samples_total[5m])) > 0",
  summary: "Loki refuses log lines",
  description:
    'Loki refuses {{ $value | printf "%.1f" }} lines each second: {{ $labels.reason }}. They are lost.',
  runbook: {
    meaning: "Lines reach Loki and are thrown away, because a limit of its configuration is reached.",
    look: [
      "The reason: `rate_limited` is too much at once, `greater_than_max_sample_age` too old, `line_too_long` too long, `stream_limit` too many different labels.",
      "Grafana, *Logs*, *Lines by service*: which service writes so much.",
    ],
    causes: [
      "a service that logs in a loop",
      "an agent that sends old files for the first time",
      "a clock that is wrong",
    ],
    mend: "Silence the service that logs too much; an agent's first delivery ends by itself. Limits are in `files/loki/loki-config.yml`.",
  },
  fires: [
    {
      name: "half a line a second",
      series: { [discarded]: "0+30x40" },
      at: "11m",
      alerts: [
        {
          labels: { reason: "rate_limited" },
          summary: "Loki refuses log lines",
          description: "Loki refuses 0.5 lines each second: rate_limited. They are lost.",
        },
      ],
    },
  ],
  silent: [
    { name: "lines refused yesterday", series: { [discarded]: "30x40" } },
    { name: "a burst of two minutes", series: { [discarded]: "0 30 60x40" } },
  ],
};
