import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const labels = { job: "prometheus", instance: "prometheus" };
const reload = series("prometheus_config_last_reload_successful", labels);

export const prometheusConfigReloadFailed: Alert = {
  name: "PrometheusConfigReloadFailed",
  severity: "critical",
  for: "5m",
  expr: "max_over_time(prometheus_config_last_reload_successful[5m]) == 0",
  summary: "Prometheus works with an old configuration",
  description:
    "Prometheus refused its configuration at the last reload: new targets and rules are not in effect.",
  runbook: {
    meaning:
      "A file of Prometheus' configuration has a mistake. The old configuration stays in effect until the next start, and then Prometheus does not start.",
    look: [
      "`docker compose -p monitoring logs prometheus 2>&1 | tail` on the monitoring machine: file and line.",
      "`docker compose -p monitoring exec prometheus promtool check config /etc/prometheus/prometheus.yml`.",
    ],
    causes: ["a file that was edited by hand on the machine", "a rule file of your own with a mistake"],
    mend: "Deliver the files of the stack again; then `docker compose -p monitoring kill --signal HUP prometheus`.",
  },
  fires: [
    {
      name: "a reload that failed",
      series: { [reload]: "0x20" },
      at: "5m",
      alerts: [
        {
          labels,
          summary: "Prometheus works with an old configuration",
          description:
            "Prometheus refused its configuration at the last reload: new targets and rules are not in effect.",
        },
      ],
    },
  ],
  silent: [
    { name: "a reload that succeeded", series: { [reload]: "1x20" } },
    { name: "one that was mended after 4 minutes", series: { [reload]: "0x3 1x16" } },
  ],
};
