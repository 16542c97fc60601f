import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const labels = { job: "loki", route: "loki_api_v1_push" };
const requests = (status: string) =>
  series("loki_request_duration_seconds_count", labels, {
    instance: "loki",
    method: "POST",
    status_code: status,
    ws: "false",
  });

const expr = (more: string) => `sum by (job, route) (rate(loki_request_duration_seconds_count${more}[5m]))`;

export const lokiRequestErrors: Alert = {
  name: "LokiRequestErrors",
  severity: "critical",
  for: "15m",
  expr: `${expr('{status_code=~"5.."}')}
  / ${expr("")} > 0.1`,
  summary: "Loki answers with errors",
  description:
    "{{ $value | humanizePercentage }} of the requests to {{ $labels.route }} of Loki end with an error, more than 10%.",
  runbook: {
    meaning:
      "Loki runs and cannot do what it is asked. For `loki_api_v1_push`, logs are not stored; agents try again for some minutes.",
    look: [
      "`docker compose -p monitoring logs loki 2>&1 | grep -i error | tail` on the monitoring machine.",
      "`df -h` there: Loki stops writing when its disk is full.",
    ],
    causes: ["a full disk", "too little memory: the container restarts", "a query over too much"],
    mend: "Free the disk or give it more memory; `docker compose -p monitoring restart loki`.",
  },
  fires: [
    {
      name: "one of five",
      series: { [requests("500")]: "0+12x40", [requests("204")]: "0+48x40" },
      at: "16m",
      alerts: [
        {
          labels,
          summary: "Loki answers with errors",
          description: "20% of the requests to loki_api_v1_push of Loki end with an error, more than 10%.",
        },
      ],
    },
  ],
  silent: [{ name: "one of ten", series: { [requests("500")]: "0+6x40", [requests("204")]: "0+54x40" } }],
};
