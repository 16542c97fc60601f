import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const labels = { job: "pve", instance: "pve1", role: "pve", environment: "prod" };

export const proxmoxApiUnreachable: Alert = {
  name: "ProxmoxApiUnreachable",
  severity: "critical",
  for: "3m",
  // One collector that fails makes the whole scrape fail (pve-exporter answers 500).
  expr: 'up{job="pve"} == 0',
  summary: "Proxmox on {{ $labels.instance }} cannot be asked",
  description:
    "pve-exporter has not been able to ask the API of {{ $labels.instance }} for 3 minutes: the node is down, or the token does not work.",
  runbook: {
    meaning: "Nothing is known of this node and its guests: no alert on them can fire.",
    look: [
      "`pve-home health --env ENVIRONMENT`, row *api*: unreachable, or refused.",
      "`docker compose -p monitoring logs pve-exporter` on the monitoring machine: 401 and 403 are the token, timeouts the node.",
    ],
    causes: [
      "the node is down",
      "a token that was revoked, or has no Sys.Audit on `/` (PVEAuditor on `/`, for the token itself where privileges are separated)",
      "a certificate that changed",
    ],
    mend: "Start the node, or give the token its role (`docs/privileges.md`). A new certificate: put its authority into `secrets/pve-ca.pem` of the stack.",
  },
  fires: [
    {
      name: "scrapes that fail",
      series: { [series("up", labels)]: "0x10" },
      at: "3m",
      alerts: [
        {
          labels,
          summary: "Proxmox on pve1 cannot be asked",
          description:
            "pve-exporter has not been able to ask the API of pve1 for 3 minutes: the node is down, or the token does not work.",
        },
      ],
    },
  ],
  silent: [
    { name: "scrapes that succeed", series: { [series("up", labels)]: "1x10" } },
    { name: "a restart of the exporter", series: { [series("up", labels)]: "1 0 0 1x7" } },
  ],
};
