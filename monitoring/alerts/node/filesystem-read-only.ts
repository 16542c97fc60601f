import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";
import { root } from "./filesystem.ts";

export const nodeFilesystemReadOnly: Alert = {
  name: "NodeFilesystemReadOnly",
  severity: "critical",
  for: "5m",
  // The rules on space leave such a filesystem out: without this one it would be seen by none.
  expr: 'node_filesystem_readonly{mountpoint="/", fstype=~"ext.*|xfs|btrfs"} == 1',
  summary: "{{ $labels.instance }} cannot write to its disk",
  description:
    "The root filesystem of {{ $labels.instance }} ({{ $labels.device }}) is read-only: the kernel does that after an error of the disk.",
  runbook: {
    meaning:
      "The kernel mounted the root filesystem read-only, usually after an input/output error. Nothing is stored any more.",
    look: [
      "`dmesg -T | grep -iE 'error|ext4|xfs|btrfs'` on the machine.",
      "`pvesm status` and `zpool status` on its node; the storage that holds the disk may be full or offline.",
    ],
    causes: ["a thin pool that is full", "a failing disk", "network storage that was away for too long"],
    mend: "Mend the storage first. Then restart the guest, which checks the filesystem. With errors left, boot a rescue system and run `fsck`, or restore the last backup.",
  },
  fires: [
    {
      name: "the root filesystem",
      series: { [series("node_filesystem_readonly", root)]: "1x10" },
      at: "5m",
      alerts: [
        {
          labels: root,
          summary: "web cannot write to its disk",
          description:
            "The root filesystem of web (/dev/sda1) is read-only: the kernel does that after an error of the disk.",
        },
      ],
    },
  ],
  silent: [
    {
      name: "a root filesystem that can be written",
      series: { [series("node_filesystem_readonly", root)]: "0x10" },
    },
    {
      name: "another filesystem, read-only on purpose",
      series: { [series("node_filesystem_readonly", root, { mountpoint: "/srv/iso" })]: "1x10" },
    },
  ],
};
