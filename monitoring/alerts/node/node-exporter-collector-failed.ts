import type { Alert } from "../../alert.ts";
import { series, vm } from "../../series.ts";

const labels = { ...vm, collector: "systemd" };

export const nodeExporterCollectorFailed: Alert = {
  name: "NodeExporterCollectorFailed",
  severity: "warning",
  for: "10m",
  // Others report 0 where a machine has none of what they look for (nfs, bonding, zfs …).
  expr: 'node_scrape_collector_success{collector=~"systemd|textfile|filesystem"} == 0',
  summary: "Part of the metrics of {{ $labels.instance }} is missing",
  description:
    "The collector {{ $labels.collector }} of node_exporter on {{ $labels.instance }} fails: alerts that need it cannot fire.",
  runbook: {
    meaning:
      "node_exporter answers, but one of the parts that alerts depend on gives nothing. Failed units (systemd), our own metrics (textfile) or full disks (filesystem) are not seen.",
    look: [
      "`journalctl -u prometheus-node-exporter -e` on the machine: the collector's error.",
      "systemd: `ls -l /run/dbus/system_bus_socket`.",
      "textfile: `ls -ld /var/lib/prometheus/node-exporter`.",
    ],
    causes: [
      "node_exporter in a container without D-Bus, or stopped by AppArmor",
      "the folder for textfiles is missing or cannot be read",
    ],
    mend: "Give the exporter what its log asks for and restart it: `systemctl restart prometheus-node-exporter`.",
  },
  fires: [
    {
      name: "no answer from D-Bus",
      series: { [series("node_scrape_collector_success", labels)]: "0x20" },
      at: "10m",
      alerts: [
        {
          labels,
          summary: "Part of the metrics of web is missing",
          description:
            "The collector systemd of node_exporter on web fails: alerts that need it cannot fire.",
        },
      ],
    },
  ],
  silent: [
    { name: "a collector that works", series: { [series("node_scrape_collector_success", labels)]: "1x20" } },
    {
      name: "a collector of what the machine has not",
      series: { [series("node_scrape_collector_success", labels, { collector: "bonding" })]: "0x20" },
    },
  ],
};
