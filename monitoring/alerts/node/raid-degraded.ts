import type { Alert, Labels } from "../../alert.ts";
import { container, host, series } from "../../series.ts";

const labels = { ...host, device: "md0" };

const disks = (active: number, target: Labels = labels) => ({
  [series("node_md_disks_required", labels, target)]: "2x20",
  [series("node_md_disks", labels, target, { state: "active" })]: `${active}x20`,
});

export const nodeRaidDegraded: Alert = {
  name: "NodeRAIDDegraded",
  severity: "critical",
  for: "15m",
  // A container sees the arrays of its node.
  expr: 'node_md_disks_required{role!="lxc"} - ignoring (state) node_md_disks{state="active"} > 0',
  summary: "{{ $labels.device }} of {{ $labels.instance }} has lost a disk",
  description:
    "{{ $labels.device }} of {{ $labels.instance }} misses {{ $value }} of its disks. With the next one, data may be gone.",
  runbook: {
    meaning:
      "An array of Linux' software RAID works with fewer disks than it was made of, and no spare has taken over.",
    look: [
      "`cat /proc/mdstat` and `mdadm --detail /dev/MD` on the machine.",
      "`smartctl -a /dev/DISK` of the missing disk.",
    ],
    causes: ["a failed disk", "a loose cable", "a disk that was left out after a restart"],
    mend: "Look at the newest backup first. Then `mdadm --manage /dev/MD --add /dev/NEWDISK`, and wait until `/proc/mdstat` shows the array whole.",
  },
  fires: [
    {
      name: "one disk of two",
      series: disks(1),
      at: "15m",
      alerts: [
        {
          labels,
          summary: "md0 of pve1 has lost a disk",
          description: "md0 of pve1 misses 1 of its disks. With the next one, data may be gone.",
        },
      ],
    },
  ],
  silent: [
    { name: "two disks of two", series: disks(2) },
    { name: "a container, which sees the arrays of its node", series: disks(1, container) },
  ],
};
