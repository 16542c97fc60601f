import type { Alert } from "../../alert.ts";
import { fromBothNodes } from "../../series.ts";

const labels = { id: "storage/pve1/nas", node: "pve1", storage: "nas" };
const up = (values: string) => fromBothNodes("pve_up", values, { id: labels.id });

export const proxmoxStorageOffline: Alert = {
  name: "ProxmoxStorageOffline",
  severity: "critical",
  for: "5m",
  // Of an offline storage, usage is no longer reported: the alerts on space go away by themselves.
  expr: `label_replace(label_replace(max by (id) (pve_up{id=~"storage/.+"}) == 0,
  "node", "$1", "id", "storage/([^/]+)/.+"), "storage", "$1", "id", "storage/[^/]+/(.+)")`,
  summary: "The storage {{ $labels.storage }} on {{ $labels.node }} is offline",
  description: "{{ $labels.node }} has not been able to use its storage {{ $labels.storage }} for 5 minutes.",
  runbook: {
    meaning: "Proxmox cannot use a storage. Guests whose disks are on it hang; backups to it fail.",
    look: [
      "`pvesm status` on the node: the error.",
      "Network storage: `ping` its server, `showmount -e SERVER`.",
    ],
    causes: [
      "the server of a network storage is off",
      "a disk that is gone (USB, failed)",
      "a pool that was not imported at boot",
    ],
    mend: "Bring the server or disk back; `zpool import POOL` or `vgchange -ay VG` on the node. Guests that hung need a restart.",
  },
  fires: [
    {
      name: "a storage that cannot be used",
      series: up("0x10"),
      at: "5m",
      alerts: [
        {
          labels,
          summary: "The storage nas on pve1 is offline",
          description: "pve1 has not been able to use its storage nas for 5 minutes.",
        },
      ],
    },
  ],
  silent: [
    { name: "a storage that can be used", series: up("1x10") },
    { name: "a server that restarts", series: up("1 0x3 1x6") },
  ],
};
