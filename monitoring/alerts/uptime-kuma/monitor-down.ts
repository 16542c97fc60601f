import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const labels = {
  job: "uptime-kuma",
  instance: "uptime-kuma",
  monitor_id: "1",
  monitor_name: "grafana",
  monitor_type: "http",
  monitor_url: "http://192.168.1.51:3000/api/health",
  monitor_hostname: "null",
  monitor_port: "null",
};
const status = series("monitor_status", labels);

export const kumaMonitorDown: Alert = {
  name: "KumaMonitorDown",
  severity: "warning",
  for: "5m",
  // 0 down, 1 up, 2 pending, 3 maintenance.
  expr: "monitor_status == 0",
  summary: "{{ $labels.monitor_name }} is down for Uptime Kuma",
  description:
    "The monitor {{ $labels.monitor_name }} ({{ $labels.monitor_type }}) of Uptime Kuma has been down for 5 minutes.",
  runbook: {
    meaning: "Uptime Kuma asks services as a user does. This one does not answer, or answers with an error.",
    look: [
      "Uptime Kuma's page of the monitor: the error and since when.",
      "`pve-home health --all`: whether the service's machine is well.",
    ],
    causes: [
      "the service or its machine is down",
      "a name that is not resolved where Uptime Kuma runs",
      "a certificate that it does not trust",
    ],
    mend: "Bring the service back. During planned work, set the monitor to *maintenance*.",
  },
  fires: [
    {
      name: "a monitor that is down",
      series: { [status]: "0x10" },
      at: "5m",
      alerts: [
        {
          labels,
          summary: "grafana is down for Uptime Kuma",
          description: "The monitor grafana (http) of Uptime Kuma has been down for 5 minutes.",
        },
      ],
    },
  ],
  silent: [
    { name: "a monitor that is up", series: { [status]: "1x10" } },
    { name: "one that tries again", series: { [status]: "2x10" } },
    { name: "one in maintenance", series: { [status]: "3x10" } },
  ],
};
