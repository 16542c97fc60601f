import type { Alert } from "../../alert.ts";
import { fromBothNodes } from "../../series.ts";

const labels = { id: "cluster/home" };
const quorate = (values: string) => fromBothNodes("pve_up", values, labels);

export const proxmoxNotQuorate: Alert = {
  name: "ProxmoxNotQuorate",
  severity: "critical",
  for: "1m",
  // Of a cluster, pve_up says whether it is quorate. A node on its own has no such series.
  expr: 'max by (id) (pve_up{id=~"cluster/.+"}) == 0',
  summary: "The Proxmox cluster has no quorum",
  description: "{{ $labels.id }} has lost its quorum: no guest can be started or changed.",
  runbook: {
    meaning:
      "Fewer than half of the cluster's votes can see each other. What runs goes on; `/etc/pve` is read-only; with high availability, nodes restart themselves.",
    look: [
      "`pvecm status` on a node: votes, and which node is missing.",
      "`corosync-cfgtool -s`: links between the nodes.",
    ],
    causes: ["in a cluster of two: the other node is off", "the cluster's network", "a clock that is wrong"],
    mend: "Bring the missing node or the network back. If it is certain that the other is off: `pvecm expected 1` on the one that runs.",
  },
  fires: [
    {
      name: "no quorum",
      series: quorate("0x10"),
      at: "1m",
      alerts: [
        {
          labels,
          summary: "The Proxmox cluster has no quorum",
          description: "cluster/home has lost its quorum: no guest can be started or changed.",
        },
      ],
    },
  ],
  silent: [{ name: "a cluster that is quorate", series: quorate("1x10") }],
};
