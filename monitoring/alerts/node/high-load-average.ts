import type { Alert } from "../../alert.ts";
import { container, series, vm } from "../../series.ts";

const twoCores = (target: typeof vm | typeof container, load: number) => ({
  [series("node_load15", target)]: `${load}x20`,
  [series("node_cpu_seconds_total", target, { cpu: "0", mode: "idle" })]: "0+60x20",
  [series("node_cpu_seconds_total", target, { cpu: "1", mode: "idle" })]: "0+60x20",
});

export const highLoadAverage: Alert = {
  name: "HighLoadAverage",
  severity: "warning",
  for: "10m",
  // A container shows the load of its node (lxcfs gives its own only when asked to).
  expr: 'node_load15{role!="lxc"} / count without (cpu, mode) (node_cpu_seconds_total{mode="idle"}) > 2',
  summary: "{{ $labels.instance }} has more to do than it can",
  description:
    'The load of {{ $labels.instance }} over 15 minutes is {{ $value | printf "%.1f" }} per core, more than 2.',
  runbook: {
    meaning:
      "For each core, more than two processes have waited for CPU or disk over the last quarter of an hour.",
    look: [
      "`top`: much `us` is CPU, much `wa` is the disk, much `st` the node.",
      "`ps -eo state,pid,cmd | grep '^D'`: processes that wait for a disk or a network mount.",
    ],
    causes: [
      "a network mount whose server is away",
      "a slow or failing disk",
      "a backup or update",
      "too few cores",
    ],
    mend: "Bring the mount or disk back, wait for the backup, or give the guest more cores.",
  },
  fires: [
    {
      name: "4.2 on two cores",
      series: twoCores(vm, 4.2),
      at: "10m",
      alerts: [
        {
          labels: vm,
          summary: "web has more to do than it can",
          description: "The load of web over 15 minutes is 2.1 per core, more than 2.",
        },
      ],
    },
  ],
  silent: [
    { name: "4 on two cores", series: twoCores(vm, 4) },
    { name: "a container, which shows the load of its node", series: twoCores(container, 40) },
  ],
};
