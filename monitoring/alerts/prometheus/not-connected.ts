import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const labels = { job: "prometheus", instance: "prometheus" };
const discovered = series("prometheus_notifications_alertmanagers_discovered", labels);

export const prometheusNotConnectedToAlertmanager: Alert = {
  name: "PrometheusNotConnectedToAlertmanager",
  severity: "critical",
  for: "5m",
  expr: "max_over_time(prometheus_notifications_alertmanagers_discovered[5m]) < 1",
  summary: "Prometheus knows no Alertmanager",
  description: "Prometheus has no Alertmanager to send alerts to: no message can arrive.",
  runbook: {
    meaning:
      "Prometheus' configuration names no Alertmanager. You read this on its web page; no message about it can be sent.",
    look: [
      "Prometheus, *Status → Runtime & Build Information*, Alertmanagers.",
      "`alerting:` in its `prometheus.yml`.",
    ],
    causes: ["a configuration that was edited by hand"],
    mend: "Deliver the files of the stack again; then `docker compose -p monitoring kill --signal HUP prometheus`.",
  },
  fires: [
    {
      name: "no Alertmanager in the configuration",
      series: { [discovered]: "0x20" },
      at: "5m",
      alerts: [
        {
          labels,
          summary: "Prometheus knows no Alertmanager",
          description: "Prometheus has no Alertmanager to send alerts to: no message can arrive.",
        },
      ],
    },
  ],
  silent: [{ name: "one Alertmanager", series: { [discovered]: "1x20" } }],
};
