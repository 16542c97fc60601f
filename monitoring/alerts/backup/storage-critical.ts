import type { Alert } from "../../alert.ts";
import { storageLabels as labels, storage } from "../proxmox/storage.ts";
import { backupStorage, backupStorageAlmostFull } from "./storage-almost-full.ts";

export const backupStorageCritical: Alert = {
  name: "BackupStorageCritical",
  severity: "critical",
  for: "5m",
  expr: `${backupStorage} > 0.95`,
  summary: "The backup storage {{ $labels.storage }} on {{ $labels.node }} is almost full",
  description:
    "{{ $labels.storage }} on {{ $labels.node }}, which takes backups, is {{ $value | humanizePercentage }} full, more than 95%: the next backups fail.",
  runbook: {
    ...backupStorageAlmostFull.runbook,
    meaning: "A storage that takes backups has less than 5 % left: the next backups fail.",
  },
  fires: [
    {
      name: "96 %",
      series: storage(960, "backup,iso"),
      at: "5m",
      alerts: [
        {
          labels,
          summary: "The backup storage local-lvm on pve1 is almost full",
          description:
            "local-lvm on pve1, which takes backups, is 96% full, more than 95%: the next backups fail.",
        },
      ],
    },
  ],
  silent: [
    { name: "94 %", series: storage(940, "backup,iso") },
    { name: "a storage that takes no backups", series: storage(960, "images,rootdir") },
  ],
};
