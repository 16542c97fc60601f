import type { Alert } from "../../alert.ts";
import { status, web } from "./component.ts";

export const infraHealthCheckFailed: Alert = {
  name: "InfraHealthCheckFailed",
  severity: "warning",
  for: "5m",
  expr: "max by (env, component, type) (pve_health_status) == 1",
  summary: "{{ $labels.component }} ({{ $labels.env }}) is not healthy",
  description:
    "A check of {{ $labels.component }} ({{ $labels.type }}, {{ $labels.env }}) failed: `pve-home health --env {{ $labels.env }}` says which.",
  runbook: {
    meaning: "The last health check found a problem with a guest, a node or a service.",
    look: [
      "`pve-home health --env ENVIRONMENT`: each check of the component, with what was expected.",
      "Grafana, *Nodes and guests*, for the time before.",
    ],
    causes: [
      "a guest that does not run, or cannot be reached",
      "a service on it that does not answer",
      "an SSH key that is not accepted",
    ],
    mend: "Each row of `pve-home health` that failed ends with the next command to type. The alert ends with the next scheduled check, or when you run one yourself.",
  },
  fires: [
    {
      name: "a component that failed",
      series: status(1),
      at: "5m",
      alerts: [
        {
          labels: web,
          summary: "web (prod) is not healthy",
          description: "A check of web (vm, prod) failed: `pve-home health --env prod` says which.",
        },
      ],
    },
  ],
  silent: [
    { name: "a healthy component", series: status(0) },
    { name: "one that could not be checked", series: status(2) },
    { name: "one that boots", series: status(3) },
  ],
};
