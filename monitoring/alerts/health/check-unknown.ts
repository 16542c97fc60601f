import type { Alert } from "../../alert.ts";
import { status, web } from "./component.ts";

export const infraHealthCheckUnknown: Alert = {
  name: "InfraHealthCheckUnknown",
  severity: "warning",
  for: "15m",
  expr: "max by (env, component, type) (pve_health_status) == 2",
  summary: "{{ $labels.component }} ({{ $labels.env }}) could not be checked",
  description:
    "Whether {{ $labels.component }} ({{ $labels.type }}, {{ $labels.env }}) is healthy is not known: its check could not be carried out.",
  runbook: {
    meaning: "The last health check could not find out how a component is. That is not the same as healthy.",
    look: [
      "`pve-home health --env ENVIRONMENT`: why it could not be checked.",
      "`pve-home health --env ENVIRONMENT --verbose` for the commands behind it.",
    ],
    causes: [
      "the API cannot be reached, or the token does not work",
      "a host key that is not known, or has changed",
      "a program that is missing where the check runs",
    ],
    mend: "Do what the row says. After a guest was re-created: `pve-home hosts trust --env ENVIRONMENT`.",
  },
  fires: [
    {
      name: "a component that could not be checked",
      series: status(2),
      at: "15m",
      alerts: [
        {
          labels: web,
          summary: "web (prod) could not be checked",
          description: "Whether web (vm, prod) is healthy is not known: its check could not be carried out.",
        },
      ],
    },
  ],
  silent: [
    { name: "a component that failed", series: status(1) },
    { name: "one that boots", series: status(3) },
  ],
};
