import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const labels = { job: "traefik", instance: "traefik", service: "grafana@file", url: "http://grafana:3000" };
const up = series("traefik_service_server_up", labels);

export const traefikBackendDown: Alert = {
  name: "TraefikBackendDown",
  severity: "warning",
  for: "2m",
  // There for services with a health check in Traefik's configuration.
  expr: "traefik_service_server_up == 0",
  summary: "{{ $labels.service }} does not answer Traefik",
  description:
    "Traefik's health check of {{ $labels.url }} ({{ $labels.service }}) has failed for 2 minutes: its name does not work.",
  runbook: {
    meaning: "A service behind Traefik is down: its name shows an error page.",
    look: [
      "`docker compose -p monitoring ps --all` and `docker compose -p monitoring logs SERVICE` on the monitoring machine.",
      "`curl -i URL` from there, with the address in the alert.",
    ],
    causes: ["the container is down or restarts", "the service listens at another port or address"],
    mend: "`docker compose up --detach SERVICE` in the stack's folder, or mend what its log says.",
  },
  fires: [
    {
      name: "a service that is down",
      series: { [up]: "0x10" },
      at: "2m",
      alerts: [
        {
          labels,
          summary: "grafana@file does not answer Traefik",
          description:
            "Traefik's health check of http://grafana:3000 (grafana@file) has failed for 2 minutes: its name does not work.",
        },
      ],
    },
  ],
  silent: [
    { name: "a service that answers", series: { [up]: "1x10" } },
    { name: "a restart", series: { [up]: "1 0 1x8" } },
  ],
};
