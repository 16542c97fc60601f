import type { Alert } from "../../alert.ts";
import { fromBothNodes } from "../../series.ts";
import { guest, guestInfo } from "./guests.ts";

const labels = { id: "qemu/100", name: "web", node: "pve2", state: "backup" };
const lock = (values: string, state: string) =>
  fromBothNodes("pve_lock_state", values, { id: "qemu/100", state });

export const proxmoxGuestLockStuck: Alert = {
  name: "ProxmoxGuestLockStuck",
  severity: "warning",
  for: "6h",
  expr: `(max by (id, state) (pve_lock_state{state=~"backup|snapshot|snapshot-delete|migrate"}) == 1)
  * on (id) group_left (name, node) ${guestInfo}`,
  summary: "{{ $labels.name }} has been locked for 6 hours",
  description:
    "{{ $labels.name }} ({{ $labels.id }} on {{ $labels.node }}) has had the lock {{ $labels.state }} for 6 hours: it cannot be backed up, changed or started.",
  runbook: {
    meaning:
      "A backup, snapshot or migration locks its guest. One that ended hard leaves the lock behind, and from then on every backup of that guest fails.",
    look: [
      "Proxmox, *Task History* of the guest: whether the task still runs.",
      "`qm config ID | grep lock` on its node.",
    ],
    causes: ["the node restarted during a backup", "a backup that waits for storage that is away"],
    mend: "Only if no task runs: `qm unlock ID` or `pct unlock ID`. After a snapshot that failed, look at `qm listsnapshot ID` first.",
  },
  fires: [
    {
      name: "a backup that never ended",
      series: { ...guest("1x500"), ...lock("1x500", "backup") },
      at: "6h",
      alerts: [
        {
          labels,
          summary: "web has been locked for 6 hours",
          description:
            "web (qemu/100 on pve2) has had the lock backup for 6 hours: it cannot be backed up, changed or started.",
        },
      ],
    },
  ],
  silent: [
    { name: "a backup of five hours", series: { ...guest("1x500"), ...lock("1x300 0x200", "backup") } },
    { name: "a guest that is suspended", series: { ...guest("1x500"), ...lock("1x500", "suspended") } },
  ],
};
