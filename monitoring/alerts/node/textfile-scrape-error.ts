import type { Alert } from "../../alert.ts";
import { series, vm } from "../../series.ts";

const error = series("node_textfile_scrape_error", vm);

export const textfileScrapeError: Alert = {
  name: "TextfileScrapeError",
  severity: "warning",
  for: "5m",
  expr: "node_textfile_scrape_error == 1",
  summary: "A metrics file on {{ $labels.instance }} cannot be read",
  description:
    "node_exporter on {{ $labels.instance }} refuses a file in its textfile folder: what that file says is not seen.",
  runbook: {
    meaning:
      "Drift, health and other jobs write their results as files. node_exporter cannot read one of them, and alerts on it are blind.",
    look: [
      "`journalctl -u prometheus-node-exporter -e | grep textfile` on the machine: which file, and why.",
      "`ls -l /var/lib/prometheus/node-exporter`: files must be readable for all (0644).",
    ],
    causes: [
      "a file of another tool with mode 0600",
      "two files with the same series",
      "a file with a mistake in its syntax",
    ],
    mend: "`chmod 0644 FILE`, or remove the file: a file of pve-home is written again by the next run.",
  },
  fires: [
    {
      name: "a file that it cannot read",
      series: { [error]: "1x10" },
      at: "5m",
      alerts: [
        {
          labels: vm,
          summary: "A metrics file on web cannot be read",
          description:
            "node_exporter on web refuses a file in its textfile folder: what that file says is not seen.",
        },
      ],
    },
  ],
  silent: [
    { name: "files that are read", series: { [error]: "0x10" } },
    { name: "a file that was being written", series: { [error]: "1 1 0x8" } },
  ],
};
