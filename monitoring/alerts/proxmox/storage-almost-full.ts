import type { Alert } from "../../alert.ts";
import { fullness, storageLabels as labels, storage } from "./storage.ts";

export const proxmoxStorageAlmostFull: Alert = {
  name: "ProxmoxStorageAlmostFull",
  severity: "warning",
  for: "15m",
  expr: `${fullness()} > 0.85`,
  summary: "The storage {{ $labels.storage }} on {{ $labels.node }} is filling up",
  description:
    "{{ $labels.storage }} on {{ $labels.node }} is {{ $value | humanizePercentage }} full, more than 85%.",
  runbook: {
    meaning:
      "A storage of Proxmox has less than 15 % left. A thin pool that is full stops every guest on it at once.",
    look: [
      "`pvesm status` on the node; Proxmox, the storage's content by size.",
      "Thin pool: `lvs -a -o name,data_percent,metadata_percent`. ZFS: `zfs list -o space`.",
      "Snapshots: `qm listsnapshot ID`, `pct listsnapshot ID`.",
    ],
    causes: [
      "old snapshots",
      "disks of guests that are gone",
      "guests that deleted data without discard",
      "old backups and ISO images",
    ],
    mend: "Remove what is not needed. In guests with thin disks: `fstrim -av`. Then grow the storage.",
  },
  fires: [
    {
      name: "86 %",
      series: storage(860),
      at: "15m",
      alerts: [
        {
          labels,
          summary: "The storage local-lvm on pve1 is filling up",
          description: "local-lvm on pve1 is 86% full, more than 85%.",
        },
      ],
    },
  ],
  silent: [{ name: "84 %", series: storage(840) }],
};
