import type { Alert } from "../../alert.ts";
import { filesystem, root, watched, writable } from "./filesystem.ts";
import { highDiskUsage } from "./high-disk-usage.ts";

export const diskAlmostFull: Alert = {
  name: "DiskAlmostFull",
  severity: "critical",
  for: "5m",
  expr: `100 * (1 - node_filesystem_avail_bytes{${watched}} / node_filesystem_size_bytes) > 95
${writable}`,
  summary: "{{ $labels.mountpoint }} of {{ $labels.instance }} is almost full",
  description:
    '{{ $labels.mountpoint }} ({{ $labels.device }}) of {{ $labels.instance }} is {{ $value | printf "%.0f" }} % full, more than 95 %: services are about to fail.',
  runbook: {
    ...highDiskUsage.runbook,
    meaning: "A filesystem has less than 5 % left. Databases stop, logins fail, updates break half-way.",
  },
  fires: [
    {
      name: "96 % full",
      series: filesystem(40),
      at: "5m",
      alerts: [
        {
          labels: root,
          summary: "/ of web is almost full",
          description: "/ (/dev/sda1) of web is 96 % full, more than 95 %: services are about to fail.",
        },
      ],
    },
  ],
  silent: [
    { name: "94 % full", series: filesystem(60) },
    { name: "a filesystem that was mounted read-only", series: filesystem(0, root, 1) },
  ],
};
