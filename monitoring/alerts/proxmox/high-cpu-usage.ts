import type { Alert } from "../../alert.ts";
import { fromBothNodes } from "../../series.ts";

const usage = (id: string, ratio: number) => fromBothNodes("pve_cpu_usage_ratio", `${ratio}x20`, { id });

export const proxmoxHighCpuUsage: Alert = {
  name: "ProxmoxHighCpuUsage",
  severity: "warning",
  for: "10m",
  // Nodes alone: the metric has every guest, too.
  expr: 'label_replace(max by (id) (pve_cpu_usage_ratio{id=~"node/.+"}) > 0.9, "node", "$1", "id", "node/(.+)")',
  summary: "The node {{ $labels.node }} has been busy for 10 minutes",
  description:
    "The CPUs of the node {{ $labels.node }} are {{ $value | humanizePercentage }} busy, more than 90%.",
  runbook: {
    meaning: "All guests of a node share its CPUs, and hardly any is left.",
    look: [
      "Proxmox, *Datacenter → Search*, sorted by CPU: which guest.",
      "`top` on the node: backups and replication are processes of the node.",
    ],
    causes: ["a backup with compression", "a guest in a loop", "more guests than the node carries"],
    mend: "Wait for a backup to end; restart or limit the guest (`cpulimit`); move guests to another node.",
  },
  fires: [
    {
      name: "91 %",
      series: usage("node/pve1", 0.91),
      at: "10m",
      alerts: [
        {
          labels: { id: "node/pve1", node: "pve1" },
          summary: "The node pve1 has been busy for 10 minutes",
          description: "The CPUs of the node pve1 are 91% busy, more than 90%.",
        },
      ],
    },
  ],
  silent: [
    { name: "89 %", series: usage("node/pve1", 0.89) },
    { name: "a guest at 100 %", series: usage("qemu/100", 1) },
  ],
};
