import type { Alert } from "../../alert.ts";
import { fromBothNodes } from "../../series.ts";

const memory = (id: string, used: number) => ({
  ...fromBothNodes("pve_memory_usage_bytes", `${used}x20`, { id }),
  ...fromBothNodes("pve_memory_size_bytes", "1000x20", { id }),
});

export const proxmoxHighMemoryUsage: Alert = {
  name: "ProxmoxHighMemoryUsage",
  severity: "warning",
  for: "10m",
  // Of a virtual machine, Proxmox counts the guest's page cache as used: those have HighMemoryUsage.
  expr: 'max by (id) (pve_memory_usage_bytes{id=~"(node|lxc)/.+"}) / max by (id) (pve_memory_size_bytes) > 0.9',
  summary: "{{ $labels.id }} is short of memory",
  description: "{{ $labels.id }} uses {{ $value | humanizePercentage }} of its memory, more than 90%.",
  runbook: {
    meaning:
      "A node or a container has less than a tenth of its memory left. On a node without memory, guests are ended.",
    look: [
      "On a node: `free -m`, and Proxmox, *Datacenter → Search*, sorted by memory.",
      "On a node with ZFS: `arc_summary | head -20`. What ZFS caches counts as used, and is given back slowly.",
      "In a container: `top -o %MEM`.",
    ],
    causes: [
      "guests with more memory together than the node has",
      "ZFS' cache, half of all memory in old installations",
      "a service that grows",
    ],
    mend: "Stop or move a guest; limit ZFS' cache (`zfs_arc_max` in `/etc/modprobe.d/zfs.conf`); give a container more memory in `terraform.tfvars`.",
  },
  fires: [
    {
      name: "a node at 91 %",
      series: memory("node/pve1", 910),
      at: "10m",
      alerts: [
        {
          labels: { id: "node/pve1" },
          summary: "node/pve1 is short of memory",
          description: "node/pve1 uses 91% of its memory, more than 90%.",
        },
      ],
    },
  ],
  silent: [
    { name: "a node at 89 %", series: memory("node/pve1", 890) },
    { name: "a virtual machine at 99 %", series: memory("qemu/100", 990) },
  ],
};
