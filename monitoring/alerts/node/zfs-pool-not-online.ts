import type { Alert } from "../../alert.ts";
import { container, host, series } from "../../series.ts";

const labels = { ...host, zpool: "rpool", state: "degraded" };

export const zfsPoolNotOnline: Alert = {
  name: "ZfsPoolNotOnline",
  severity: "critical",
  for: "1m",
  // A container sees the pools of its node.
  expr: 'node_zfs_zpool_state{state!="online", role!="lxc"} == 1',
  summary: "The pool {{ $labels.zpool }} of {{ $labels.instance }} is {{ $labels.state }}",
  description:
    "ZFS says that the pool {{ $labels.zpool }} of {{ $labels.instance }} is {{ $labels.state }}: a disk is missing, or has errors.",
  runbook: {
    meaning:
      "A ZFS pool works without one of its disks (degraded), or does not work at all (faulted, unavail, suspended).",
    look: ["`zpool status -x` on the node.", "`smartctl -a /dev/DISK` of the disk it names."],
    causes: ["a failed disk", "a loose cable", "a USB or network disk that was away"],
    mend: "Look at the newest backup first. Then `zpool replace POOL OLDDISK NEWDISK`; after a loose cable `zpool clear POOL`.",
  },
  fires: [
    {
      name: "a pool without one of its disks",
      series: {
        [series("node_zfs_zpool_state", labels)]: "1x10",
        [series("node_zfs_zpool_state", labels, { state: "online" })]: "0x10",
      },
      at: "1m",
      alerts: [
        {
          labels,
          summary: "The pool rpool of pve1 is degraded",
          description: "ZFS says that the pool rpool of pve1 is degraded: a disk is missing, or has errors.",
        },
      ],
    },
  ],
  silent: [
    {
      name: "a pool that is whole",
      series: {
        [series("node_zfs_zpool_state", labels)]: "0x10",
        [series("node_zfs_zpool_state", labels, { state: "online" })]: "1x10",
      },
    },
    {
      name: "a container on a node whose pool is degraded",
      series: { [series("node_zfs_zpool_state", labels, container)]: "1x10" },
    },
  ],
};
