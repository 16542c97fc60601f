import type { Alert } from "../../alert.ts";
import { series, vm } from "../../series.ts";

export const hostDown: Alert = {
  name: "HostDown",
  severity: "critical",
  for: "2m",
  expr: 'up{job="node"} == 0',
  summary: "{{ $labels.instance }} is down",
  description:
    "node_exporter of {{ $labels.instance }} ({{ $labels.role }}, {{ $labels.environment }}) has not answered for 2 minutes.",
  runbook: {
    meaning:
      "Prometheus cannot read the metrics of a machine: it is off, unreachable, or its exporter does not run.",
    look: [
      "`pve-home health --env ENVIRONMENT`: says whether the machine runs, answers ping, and lets you in by SSH.",
      "If it runs: `systemctl status prometheus-node-exporter` on it.",
      "If all machines of a node are listed: the node itself (ProxmoxNodeDown, ProxmoxApiUnreachable).",
    ],
    causes: [
      "the guest was stopped, or hangs while it boots",
      "a firewall rule that closes port 9100",
      "the machine has another address than the inventory says",
    ],
    mend: "Start the guest (`qm start ID`, `pct start ID` on its node), or the exporter (`systemctl restart prometheus-node-exporter`). A machine that is off on purpose is left out with `node_exporter = false` in `terraform.tfvars`.",
  },
  fires: [
    {
      name: "a guest that does not answer",
      series: { [series("up", vm)]: "0x10" },
      at: "2m",
      alerts: [
        {
          labels: vm,
          summary: "web is down",
          description: "node_exporter of web (vm, prod) has not answered for 2 minutes.",
        },
      ],
    },
  ],
  silent: [
    { name: "a guest that answers", series: { [series("up", vm)]: "1x10" } },
    { name: "one missed scrape in three", series: { [series("up", vm)]: "0 0 1 0 0 1" } },
  ],
};
