import type { Alert } from "../../alert.ts";
import { ours } from "../our-metrics.ts";

const labels = { env: "prod" };
const status = (value: number) => ({ [ours("pve_drift_status", labels)]: `${value}x10` });

export const driftCheckFailed: Alert = {
  name: "DriftCheckFailed",
  severity: "critical",
  for: "5m",
  expr: "max by (env) (pve_drift_status) == 2",
  summary: "Drift of {{ $labels.env }} could not be checked",
  description:
    "The last drift check of {{ $labels.env }} failed: whether it is what the code says is not known.",
  runbook: {
    meaning:
      "The check ran and could not come to a result. Until it does, no drift of this environment is seen.",
    look: [
      "`pve-home drift --env ENVIRONMENT`: the error, with the next command to type.",
      "The log of the timer or cron job that runs it: whether it fails there alone.",
    ],
    causes: [
      "a token that was revoked or has expired",
      "a state that is locked",
      "a state store that cannot be reached",
      "Proxmox cannot be reached",
    ],
    mend: "Do what the error says, then run the check once more: the alert ends with the first check that succeeds.",
  },
  fires: [
    {
      name: "a check that failed",
      series: status(2),
      at: "5m",
      alerts: [
        {
          labels,
          summary: "Drift of prod could not be checked",
          description: "The last drift check of prod failed: whether it is what the code says is not known.",
        },
      ],
    },
  ],
  silent: [
    { name: "drift", series: status(1) },
    { name: "an environment in line", series: status(0) },
  ],
};
