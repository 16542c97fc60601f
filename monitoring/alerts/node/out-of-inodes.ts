import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";
import { root } from "./filesystem.ts";

const inodes = (free: number, all: number) => ({
  [series("node_filesystem_files_free", root)]: `${free}x10`,
  [series("node_filesystem_files", root)]: `${all}x10`,
});

export const nodeFilesystemAlmostOutOfInodes: Alert = {
  name: "NodeFilesystemAlmostOutOfInodes",
  severity: "warning",
  for: "5m",
  // btrfs and vfat report 0 inodes of 0: not a number, and silent.
  expr: '100 * (1 - node_filesystem_files_free{fstype=~"ext.*|xfs|zfs"} / node_filesystem_files) > 90',
  summary: "{{ $labels.mountpoint }} of {{ $labels.instance }} runs out of inodes",
  description:
    '{{ $value | printf "%.0f" }} % of the inodes of {{ $labels.mountpoint }} ({{ $labels.device }}) on {{ $labels.instance }} are used, more than 90 %.',
  runbook: {
    meaning:
      "A filesystem holds nearly as many files as it can. New files fail with 'No space left on device' although space is free.",
    look: [
      "`df -i` on the machine.",
      "`du --inodes -x --max-depth=3 / | sort -n | tail -20`: where the files are.",
    ],
    causes: ["sessions, mail or cache files that are never removed", "layers of container images"],
    mend: "Remove them. The number of inodes of an ext4 filesystem is fixed when it is made: for more, a new disk.",
  },
  fires: [
    {
      name: "91 % used",
      series: inodes(90, 1000),
      at: "5m",
      alerts: [
        {
          labels: root,
          summary: "/ of web runs out of inodes",
          description: "91 % of the inodes of / (/dev/sda1) on web are used, more than 90 %.",
        },
      ],
    },
  ],
  silent: [
    { name: "89 % used", series: inodes(110, 1000) },
    { name: "a filesystem that has no inodes to count", series: inodes(0, 0) },
  ],
};
