import type { Alert } from "../../alert.ts";
import { container, series, vm } from "../../series.ts";

const clock = (target: typeof vm | typeof container, status: number, error: number) => ({
  [series("node_timex_sync_status", target)]: `${status}x20`,
  [series("node_timex_maxerror_seconds", target)]: `${error}x20`,
});

export const nodeClockNotSynchronising: Alert = {
  name: "NodeClockNotSynchronising",
  severity: "warning",
  for: "10m",
  // The kernel's error grows to 16 s where nothing sets the clock. A container has the clock of its node.
  expr: `min_over_time(node_timex_sync_status{role!="lxc"}[5m]) == 0
and node_timex_maxerror_seconds >= 16`,
  summary: "The clock of {{ $labels.instance }} is not set by any server",
  description:
    "The clock of {{ $labels.instance }} has not been set for hours: certificates, logs and clusters need the right time.",
  runbook: {
    meaning:
      "No time server has set the clock of this machine for hours. Sooner or later, certificates are refused, logs are rejected, and nodes of a cluster disagree.",
    look: [
      "`timedatectl` on the machine: *System clock synchronized*.",
      "`systemctl status systemd-timesyncd chrony`: which one is installed, and what it says.",
    ],
    causes: ["no time service is installed", "a firewall that closes UDP port 123 outwards", "a DNS failure"],
    mend: "`apt install systemd-timesyncd && timedatectl set-ntp true`, or name a server that can be reached in `/etc/systemd/timesyncd.conf`.",
  },
  fires: [
    {
      name: "an error of 16 seconds",
      series: clock(vm, 0, 16),
      at: "10m",
      alerts: [
        {
          labels: vm,
          summary: "The clock of web is not set by any server",
          description:
            "The clock of web has not been set for hours: certificates, logs and clusters need the right time.",
        },
      ],
    },
  ],
  silent: [
    { name: "a clock that a server sets", series: clock(vm, 1, 0.5) },
    { name: "a clock that was set an hour ago", series: clock(vm, 0, 15.9) },
    { name: "a container, which has the clock of its node", series: clock(container, 0, 16) },
  ],
};
