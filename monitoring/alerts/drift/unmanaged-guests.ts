import type { Alert } from "../../alert.ts";
import { ours } from "../our-metrics.ts";

const unmanaged = (count: number) => ({ [ours("pve_drift_unmanaged")]: `${count}x10` });

export const unmanagedGuests: Alert = {
  name: "UnmanagedGuests",
  severity: "info",
  for: "5m",
  expr: "max(pve_drift_unmanaged) > 0",
  summary: "Guests on Proxmox are in no code",
  description:
    "Guests that run on Proxmox and are in no environment's state: {{ $value }}. `pve-home drift --all` names them.",
  runbook: {
    meaning:
      "Guests were made by hand. They are in no git, perhaps in no backup job, and no drift of theirs is seen.",
    look: ["`pve-home drift --all`: which guests are *not managed*."],
    causes: ["a guest that was made to try something", "a guest that is older than the code"],
    mend: "Remove it; or take it into `terraform.tfvars` with an `import` block; or name it in `drift.ignore_unmanaged` of `pve-home.yaml`.",
  },
  fires: [
    {
      name: "one guest",
      series: unmanaged(1),
      at: "5m",
      alerts: [
        {
          labels: {},
          summary: "Guests on Proxmox are in no code",
          description:
            "Guests that run on Proxmox and are in no environment's state: 1. `pve-home drift --all` names them.",
        },
      ],
    },
  ],
  silent: [{ name: "none", series: unmanaged(0) }],
};
