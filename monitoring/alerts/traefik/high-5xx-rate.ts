import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const labels = { service: "grafana@file" };
const requests = (code: string) =>
  series("traefik_service_requests_total", { job: "traefik", instance: "traefik" }, labels, {
    code,
    method: "GET",
    protocol: "http",
  });
const rate = (more: string) => `sum by (service) (rate(traefik_service_requests_total${more}[5m]))`;

export const traefikHigh5xxRate: Alert = {
  name: "TraefikHigh5xxRate",
  severity: "warning",
  for: "5m",
  // With a floor of six requests a minute: else one failure at night would do.
  expr: `${rate('{code=~"5.."}')} / ${rate("")} > 0.05
and ${rate("")} > 0.1`,
  summary: "{{ $labels.service }} answers with errors",
  description:
    "{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} through Traefik end with an error, more than 5%.",
  runbook: {
    meaning: "Traefik reaches a service that answers with errors (500), or does not reach it (502, 504).",
    look: [
      "`docker compose -p monitoring logs traefik 2>&1 | tail` on the monitoring machine.",
      "`docker compose -p monitoring ps --all` and `docker compose -p monitoring logs SERVICE`; for a guest's service `pve-home health --all`.",
    ],
    causes: ["the service restarts again and again", "the service listens at another port or address"],
    mend: "Mend the service; its address is in the inventory of its environment.",
  },
  fires: [
    {
      name: "one of ten, ten a minute",
      series: { [requests("502")]: "0+1x40", [requests("200")]: "0+9x40" },
      at: "9m",
      alerts: [
        {
          labels,
          summary: "grafana@file answers with errors",
          description: "10% of the requests to grafana@file through Traefik end with an error, more than 5%.",
        },
      ],
    },
  ],
  silent: [
    { name: "one of twenty-five", series: { [requests("502")]: "0+1x40", [requests("200")]: "0+24x40" } },
    { name: "all of three a minute", series: { [requests("502")]: "0+3x40", [requests("200")]: "0x40" } },
  ],
};
