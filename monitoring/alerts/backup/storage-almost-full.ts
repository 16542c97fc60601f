import type { Alert } from "../../alert.ts";
import { fullness, storageLabels as labels, storage } from "../proxmox/storage.ts";

/** The content is on pve_storage_info alone; the usage has nothing but its id. */
export const backupStorage = fullness('{content=~"(.*,)?backup(,.*)?"}');

export const backupStorageAlmostFull: Alert = {
  name: "BackupStorageAlmostFull",
  severity: "warning",
  for: "15m",
  expr: `${backupStorage} > 0.8`,
  summary: "The backup storage {{ $labels.storage }} on {{ $labels.node }} is filling up",
  description:
    "{{ $labels.storage }} on {{ $labels.node }}, which takes backups, is {{ $value | humanizePercentage }} full, more than 80%.",
  runbook: {
    meaning: "A storage that takes backups has less than a fifth left. When it is full, backups fail.",
    look: [
      "Proxmox, the storage's *Backups*, by size and age.",
      "`prune-backups` of the jobs and of the storage: how many are kept.",
    ],
    causes: [
      "backups of guests that are gone, which no job prunes",
      "more guests or longer retention than the storage was made for",
    ],
    mend: "Remove backups of guests that are gone. Keep fewer (`backup = { keep_daily = 3 }` in `terraform.tfvars`), or take a larger storage.",
  },
  fires: [
    {
      name: "81 %",
      series: storage(810, "backup,iso"),
      at: "15m",
      alerts: [
        {
          labels,
          summary: "The backup storage local-lvm on pve1 is filling up",
          description: "local-lvm on pve1, which takes backups, is 81% full, more than 80%.",
        },
      ],
    },
  ],
  silent: [
    { name: "79 %", series: storage(790, "backup,iso") },
    { name: "a storage that takes no backups", series: storage(840, "images,rootdir") },
  ],
};
