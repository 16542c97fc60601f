import type { Alert } from "../../alert.ts";
import { fromBothNodes, series } from "../../series.ts";
import { guest, guestInfo } from "./guests.ts";

const labels = { id: "qemu/100", name: "web", node: "pve2", type: "qemu" };
const expected = {
  labels,
  summary: "web does not run",
  description: "web (qemu/100 on pve2) is meant to start with its node, and has not run for 10 minutes.",
};

export const proxmoxVMStopped: Alert = {
  name: "ProxmoxVMStopped",
  severity: "warning",
  for: "10m",
  // pve_guest_info has no label status. Meant to run is what has the option "start at boot".
  expr: `(max by (id) (pve_up{id=~"(qemu|lxc)/.+"}) == 0)
  * on (id) group_left (name, node, type) ${guestInfo}
and on (id) max by (id) (pve_onboot_status) == 1`,
  summary: "{{ $labels.name }} does not run",
  description:
    "{{ $labels.name }} ({{ $labels.id }} on {{ $labels.node }}) is meant to start with its node, and has not run for 10 minutes.",
  runbook: {
    meaning: "A virtual machine or container with the option *start at boot* does not run.",
    look: [
      "Proxmox, the guest's *Task History*: who stopped it, or why it did not start.",
      "`qm status ID` or `pct status ID` on its node; `journalctl -e -u pvedaemon`.",
    ],
    causes: [
      "it was stopped by hand",
      "not enough memory or a full storage",
      "its node is down (ProxmoxNodeDown)",
    ],
    mend: "`qm start ID` or `pct start ID`. If it is off on purpose: `started = false` and `on_boot = false` in `terraform.tfvars`, or its option *start at boot* off in Proxmox.",
  },
  fires: [
    { name: "a machine that was stopped", series: guest("0x20"), at: "10m", alerts: [expected] },
    {
      name: "a machine that was moved, which is reported with two nodes for a minute",
      series: {
        ...guest("0x20"),
        [series("pve_guest_info", {
          job: "pve",
          instance: "pve1",
          id: "qemu/100",
          name: "web",
          node: "pve1",
          tags: "",
          template: "0",
          type: "qemu",
        })]: "0.5x20",
      },
      at: "10m",
      alerts: [expected],
    },
  ],
  silent: [
    { name: "a machine that runs", series: guest("1x20") },
    { name: "one that is not started at boot", series: guest("0x20", { onboot: 0 }) },
    {
      name: "one of which that is not said",
      series: { ...fromBothNodes("pve_up", "0x20", { id: "qemu/100" }) },
    },
    { name: "a template", series: guest("0x20", { template: "1" }) },
    { name: "a restart", series: guest("1 0x5 1x14") },
  ],
};
