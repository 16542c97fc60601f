import type { Alert } from "../../alert.ts";
import { series, vm } from "../../series.ts";

const labels = { job: "grafana", instance: "grafana" };

export const prometheusTargetMissing: Alert = {
  name: "PrometheusTargetMissing",
  severity: "warning",
  for: "5m",
  // Machines and nodes have alerts of their own: HostDown, ProxmoxApiUnreachable.
  expr: 'up{job!~"node|pve"} == 0',
  summary: "{{ $labels.job }} does not answer Prometheus",
  description:
    "Prometheus has not been able to read the metrics of {{ $labels.job }} ({{ $labels.instance }}) for 5 minutes.",
  runbook: {
    meaning:
      "A service of the monitoring stack does not give its metrics: it is down, restarts, or cannot be reached. Alerts that need them cannot fire.",
    look: [
      "`pve-home health --env monitoring`, row of the service; `docker compose -p monitoring ps --all` and `docker compose -p monitoring logs SERVICE` on the monitoring machine.",
      "Prometheus, *Status → Target health*: the error of the last scrape.",
    ],
    causes: [
      "the container ended for lack of memory",
      "a configuration that the service refuses",
      "for Uptime Kuma: the key for its metrics was replaced",
    ],
    mend: "Mend what its log says, then `docker compose up --detach SERVICE` in the stack's folder.",
  },
  fires: [
    {
      name: "a service that does not answer",
      series: { [series("up", labels)]: "0x10" },
      at: "5m",
      alerts: [
        {
          labels,
          summary: "grafana does not answer Prometheus",
          description: "Prometheus has not been able to read the metrics of grafana (grafana) for 5 minutes.",
        },
      ],
    },
  ],
  silent: [
    { name: "a service that answers", series: { [series("up", labels)]: "1x10" } },
    { name: "a machine, which has HostDown", series: { [series("up", vm)]: "0x10" } },
  ],
};
