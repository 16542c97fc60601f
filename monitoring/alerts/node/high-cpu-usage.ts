import type { Alert } from "../../alert.ts";
import { series, vm } from "../../series.ts";

const idle = (cpu: string) => series("node_cpu_seconds_total", vm, { cpu, mode: "idle" });

export const highCpuUsage: Alert = {
  name: "HighCpuUsage",
  severity: "warning",
  for: "10m",
  // rate, not irate: two samples alone would reset `for` again and again.
  expr: '100 * (1 - avg without (cpu, mode) (rate(node_cpu_seconds_total{mode="idle"}[5m]))) > 85',
  summary: "{{ $labels.instance }} has been busy for 10 minutes",
  description:
    'CPU of {{ $labels.instance }} is at {{ $value | printf "%.0f" }} % over all cores, more than 85 %.',
  runbook: {
    meaning: "The cores of a machine have worked more than 85 % of the time for ten minutes.",
    look: [
      "`top -o %CPU` on the machine: which process.",
      "The dashboard *Nodes and guests*: since when, and whether every evening.",
      "`steal` in `top`: time that the node gave to other guests.",
    ],
    causes: [
      "a backup or an update that runs",
      "a process in a loop",
      "too few cores for what the guest does",
    ],
    mend: "Wait for a backup to end. Otherwise restart the service, or give the guest more cores in `terraform.tfvars`.",
  },
  fires: [
    {
      name: "both cores 86 % busy",
      series: { [idle("0")]: "0+8.4x20", [idle("1")]: "0+8.4x20" },
      at: "11m",
      alerts: [
        {
          labels: vm,
          summary: "web has been busy for 10 minutes",
          description: "CPU of web is at 86 % over all cores, more than 85 %.",
        },
      ],
    },
  ],
  silent: [
    { name: "both cores 84 % busy", series: { [idle("0")]: "0+9.6x20", [idle("1")]: "0+9.6x20" } },
    { name: "one core of two busy", series: { [idle("0")]: "0+0x20", [idle("1")]: "0+60x20" } },
  ],
};
