import type { Alert } from "../../alert.ts";
import { ours } from "../our-metrics.ts";

const labels = { env: "prod" };
const drift = (status: number, changed: number) => ({
  [ours("pve_drift_status", labels)]: `${status}x10`,
  [ours("pve_drift_resources_changed", labels)]: `${changed}x10`,
});

export const driftDetected: Alert = {
  name: "DriftDetected",
  severity: "warning",
  for: "5m",
  // The value is the number of resources; the status itself would always be 1.
  expr: `max by (env) (pve_drift_resources_changed)
and on (env) max by (env) (pve_drift_status) == 1`,
  summary: "{{ $labels.env }} is not what the code says",
  description:
    "Resources of {{ $labels.env }} that differ from the code: {{ $value }}. `pve-home drift --env {{ $labels.env }}` names them.",
  runbook: {
    meaning:
      "What runs on Proxmox is not what was declared: something was changed or deleted by hand, or a change of the code was never applied.",
    look: [
      "`pve-home drift --env ENVIRONMENT`: each resource, with before and after.",
      "Grafana, *Drift*: since when.",
    ],
    causes: [
      "a change by hand in Proxmox",
      "a guest that was deleted by hand",
      "a change in git that was not applied (*pending*)",
    ],
    mend: "To keep a change by hand, write it into `terraform.tfvars` until `pve-home plan` shows no change. To undo it, `pve-home apply --env ENVIRONMENT`.",
  },
  fires: [
    {
      name: "two resources",
      series: drift(1, 2),
      at: "5m",
      alerts: [
        {
          labels,
          summary: "prod is not what the code says",
          description:
            "Resources of prod that differ from the code: 2. `pve-home drift --env prod` names them.",
        },
      ],
    },
  ],
  silent: [
    { name: "an environment in line", series: drift(0, 0) },
    { name: "a check that failed", series: drift(2, 2) },
  ],
};
