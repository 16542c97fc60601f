import type { Alert } from "../../alert.ts";
import { fromBothNodes } from "../../series.ts";

const labels = { id: "node/pve2" };

export const proxmoxNodeDown: Alert = {
  name: "ProxmoxNodeDown",
  severity: "critical",
  for: "2m",
  // Told by the other nodes of a cluster; a node on its own cannot be asked any more: ProxmoxApiUnreachable.
  // The label node is the one that alerts on its guests have.
  expr: 'label_replace(max by (id) (pve_up{id=~"node/.+"}) == 0, "node", "$1", "id", "node/(.+)")',
  summary: "The node {{ $labels.node }} is down",
  description:
    "The other nodes of the cluster have not seen {{ $labels.node }} for 2 minutes. Its guests do not run.",
  runbook: {
    meaning: "A node of the cluster is off, hangs, or has lost the cluster's network.",
    look: [
      "`ping` the node, and its screen or its management interface (IPMI, iDRAC).",
      "`pvecm status` on another node: whether the cluster has a quorum (ProxmoxNotQuorate).",
    ],
    causes: [
      "power or hardware",
      "a switch or cable of the cluster's network",
      "a kernel that hangs after an update",
    ],
    mend: "Start the node. Do not start its guests elsewhere before it is certain that it is off: two of the same guest destroy its disk.",
  },
  fires: [
    {
      name: "a node that the others do not see",
      series: fromBothNodes("pve_up", "0x10", labels),
      at: "2m",
      alerts: [
        {
          labels: { ...labels, node: "pve2" },
          summary: "The node pve2 is down",
          description:
            "The other nodes of the cluster have not seen pve2 for 2 minutes. Its guests do not run.",
        },
      ],
    },
  ],
  silent: [
    { name: "a node that runs", series: fromBothNodes("pve_up", "1x10", labels) },
    { name: "a guest that does not run", series: fromBothNodes("pve_up", "0x10", { id: "qemu/100" }) },
  ],
};
