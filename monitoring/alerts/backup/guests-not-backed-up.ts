import type { Alert, SeriesValues } from "../../alert.ts";
import { fromBothNodes } from "../../series.ts";
import { guest } from "../proxmox/guests.ts";

const labels = { id: "qemu/100", name: "web", node: "pve2" };
const notCovered = fromBothNodes("pve_not_backed_up_info", "1x100", { id: "qemu/100" });
const machine = (more: Parameters<typeof guest>[1]): SeriesValues => ({
  ...guest("1x100", more),
  ...notCovered,
});

export const guestsNotBackedUp: Alert = {
  name: "GuestsNotBackedUp",
  severity: "warning",
  for: "1h",
  // Templates and guests with the tag nobackup are left out on purpose.
  expr: `max by (id) (pve_not_backed_up_info)
  * on (id) group_left (name, node) topk by (id) (1, pve_guest_info{template!="1", tags!~"(.*;)?nobackup(;.*)?"})`,
  summary: "{{ $labels.name }} is in no backup job",
  description:
    "No backup job has {{ $labels.name }} ({{ $labels.id }} on {{ $labels.node }}): if it is lost, it is gone.",
  runbook: {
    meaning:
      "Proxmox knows no backup job with this guest. It counts jobs that are switched off, and says nothing on whether backups succeed.",
    look: [
      "Proxmox, *Datacenter → Backup*: *Guests without backup job*.",
      "`backup` in the `terraform.tfvars` of its environment.",
    ],
    causes: ["a guest that was made by hand", "a job that names its guests one by one"],
    mend: "Without `backup = false`, a guest of `terraform.tfvars` is in the job of its environment. Add others to a job by hand. If it needs none, give it the tag `nobackup`.",
  },
  fires: [
    {
      name: "a guest without a job",
      series: machine({}),
      at: "1h",
      alerts: [
        {
          labels,
          summary: "web is in no backup job",
          description: "No backup job has web (qemu/100 on pve2): if it is lost, it is gone.",
        },
      ],
    },
  ],
  silent: [
    { name: "a guest with a job, of which nothing is reported", series: guest("1x100") },
    { name: "a template", series: machine({ template: "1" }) },
    { name: "a guest with the tag nobackup", series: machine({ tags: "lab;nobackup" }) },
  ],
};
