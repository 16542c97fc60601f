import type { Alert } from "../../alert.ts";
import { container, series, vm } from "../../series.ts";

const kills = series("node_vmstat_oom_kill", vm);

export const hostOomKill: Alert = {
  name: "HostOomKill",
  severity: "warning",
  for: "0m",
  // A container shows the count of its node.
  expr: 'increase(node_vmstat_oom_kill{role!="lxc"}[30m]) > 0',
  summary: "{{ $labels.instance }} ran out of memory",
  description:
    "The kernel of {{ $labels.instance }} ended a process within the last 30 minutes, because no memory was left.",
  runbook: {
    meaning:
      "Memory ran out, and the kernel ended the process that used most. A service may be missing since.",
    look: [
      "`journalctl -k -g 'Killed process'` on the machine: which one, and when.",
      "`systemctl --failed` and `docker ps -a`: what has not come back.",
    ],
    causes: ["a service that grows", "a guest or container with too little memory", "no swap at all"],
    mend: "Start what is missing. Give the guest more memory in `terraform.tfvars`, or the service a limit of its own.",
  },
  fires: [
    {
      name: "one process ended",
      series: { [kills]: "3x5 4x40" },
      at: "6m",
      alerts: [
        {
          labels: vm,
          summary: "web ran out of memory",
          description:
            "The kernel of web ended a process within the last 30 minutes, because no memory was left.",
        },
      ],
    },
  ],
  silent: [
    { name: "processes that were ended long ago", series: { [kills]: "3x40" } },
    {
      name: "a container, which shows the count of its node",
      series: { [series("node_vmstat_oom_kill", container)]: "3x5 4x40" },
    },
  ],
};
