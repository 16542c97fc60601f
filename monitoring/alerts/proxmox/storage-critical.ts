import type { Alert } from "../../alert.ts";
import { fullness, storageLabels as labels, storage } from "./storage.ts";
import { proxmoxStorageAlmostFull } from "./storage-almost-full.ts";

export const proxmoxStorageCritical: Alert = {
  name: "ProxmoxStorageCritical",
  severity: "critical",
  for: "5m",
  expr: `${fullness()} > 0.95`,
  summary: "The storage {{ $labels.storage }} on {{ $labels.node }} is almost full",
  description:
    "{{ $labels.storage }} on {{ $labels.node }} is {{ $value | humanizePercentage }} full, more than 95%: guests on it are about to stop.",
  runbook: {
    ...proxmoxStorageAlmostFull.runbook,
    meaning:
      "A storage of Proxmox has less than 5 % left. When it is full, guests on it stop with input/output errors.",
  },
  fires: [
    {
      name: "96 %",
      series: storage(960),
      at: "5m",
      alerts: [
        {
          labels,
          summary: "The storage local-lvm on pve1 is almost full",
          description: "local-lvm on pve1 is 96% full, more than 95%: guests on it are about to stop.",
        },
      ],
    },
  ],
  silent: [{ name: "94 %", series: storage(940) }],
};
