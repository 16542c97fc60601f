import type { Alert } from "../../alert.ts";
import { container, host, series, vm } from "../../series.ts";

const summary = (name: string) => `${name} is short of memory`;
const description = (name: string, used: number) => `${name} uses ${used} % of its memory, more than 90 %.`;

export const highMemoryUsage: Alert = {
  name: "HighMemoryUsage",
  severity: "warning",
  for: "10m",
  // What ZFS caches on a node counts as used (openzfs issue 10255) and is given back when needed. Containers see the
  // node's figures of ZFS, hence the role.
  expr: `100 * (1 - (
  node_memory_MemAvailable_bytes
  + (clamp_min(node_zfs_arc_size{role="pve"} - node_zfs_arc_c_min, 0) or node_memory_MemAvailable_bytes * 0)
) / node_memory_MemTotal_bytes) > 90`,
  summary: summary("{{ $labels.instance }}"),
  description: '{{ $labels.instance }} uses {{ $value | printf "%.0f" }} % of its memory, more than 90 %.',
  runbook: {
    meaning:
      "Less than a tenth of a machine's memory is left. Next, the kernel ends processes (HostOomKill).",
    look: [
      "`free -m` and `top -o %MEM` on the machine.",
      "`journalctl -k -g 'Out of memory'`: whether it has begun.",
    ],
    causes: ["a service that grows", "more services than the guest was made for"],
    mend: "Restart what grew, then give the guest more memory in `terraform.tfvars` (`pve-home plan` says whether it restarts).",
  },
  fires: [
    {
      name: "91 % used",
      series: {
        [series("node_memory_MemAvailable_bytes", vm)]: "90x20",
        [series("node_memory_MemTotal_bytes", vm)]: "1000x20",
      },
      at: "10m",
      alerts: [{ labels: vm, summary: summary("web"), description: description("web", 91) }],
    },
    {
      name: "a node of which ZFS could give back 10 of 1000",
      series: {
        [series("node_memory_MemAvailable_bytes", host)]: "50x20",
        [series("node_memory_MemTotal_bytes", host)]: "1000x20",
        [series("node_zfs_arc_size", host)]: "30x20",
        [series("node_zfs_arc_c_min", host)]: "20x20",
      },
      at: "10m",
      alerts: [{ labels: host, summary: summary("pve1"), description: description("pve1", 94) }],
    },
    {
      name: "a container, whatever ZFS has on its node",
      series: {
        [series("node_memory_MemAvailable_bytes", container)]: "50x20",
        [series("node_memory_MemTotal_bytes", container)]: "1000x20",
        [series("node_zfs_arc_size", container)]: "900x20",
        [series("node_zfs_arc_c_min", container)]: "20x20",
      },
      at: "10m",
      alerts: [{ labels: container, summary: summary("dns"), description: description("dns", 95) }],
    },
  ],
  silent: [
    {
      name: "89 % used",
      series: {
        [series("node_memory_MemAvailable_bytes", vm)]: "110x20",
        [series("node_memory_MemTotal_bytes", vm)]: "1000x20",
      },
    },
    {
      name: "a node whose memory is ZFS' cache",
      series: {
        [series("node_memory_MemAvailable_bytes", host)]: "50x20",
        [series("node_memory_MemTotal_bytes", host)]: "1000x20",
        [series("node_zfs_arc_size", host)]: "500x20",
        [series("node_zfs_arc_c_min", host)]: "20x20",
      },
    },
  ],
};
