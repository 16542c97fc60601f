import type { Alert } from "../../alert.ts";
import { filesystem, root, watched, writable } from "./filesystem.ts";

export const highDiskUsage: Alert = {
  name: "HighDiskUsage",
  severity: "warning",
  for: "15m",
  expr: `100 * (1 - node_filesystem_avail_bytes{${watched}} / node_filesystem_size_bytes) > 85
${writable}`,
  summary: "{{ $labels.mountpoint }} of {{ $labels.instance }} is filling up",
  description:
    '{{ $labels.mountpoint }} ({{ $labels.device }}) of {{ $labels.instance }} is {{ $value | printf "%.0f" }} % full, more than 85 %.',
  runbook: {
    meaning: "A filesystem has less than 15 % left. At 95 %, DiskAlmostFull follows.",
    look: [
      "`df -h` and `du -xh --max-depth=2 / | sort -h | tail -20` on the machine.",
      "With Docker: `docker system df`.",
      "With ZFS, each dataset shows the pool's free space: one full pool is many alerts.",
    ],
    causes: ["logs, images of containers, old kernels", "backups on a disk that was not made for them"],
    mend: "`journalctl --vacuum-size=200M`, `docker image prune`, `apt autoremove`; or a larger disk in `terraform.tfvars` (disks grow, and never shrink).",
  },
  fires: [
    {
      name: "86 % full",
      series: filesystem(140),
      at: "15m",
      alerts: [
        {
          labels: root,
          summary: "/ of web is filling up",
          description: "/ (/dev/sda1) of web is 86 % full, more than 85 %.",
        },
      ],
    },
  ],
  silent: [
    { name: "84 % full", series: filesystem(160) },
    { name: "a filesystem that was mounted read-only", series: filesystem(0, root, 1) },
    {
      name: "the cloud-init drive, which is always full",
      series: filesystem(0, { ...root, device: "/dev/sr0", fstype: "iso9660", mountpoint: "/media" }),
    },
  ],
};
