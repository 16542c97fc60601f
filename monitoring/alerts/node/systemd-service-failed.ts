import type { Alert } from "../../alert.ts";
import { series, vm } from "../../series.ts";

const labels = { ...vm, name: "nginx.service", state: "failed", type: "notify" };

export const systemdServiceFailed: Alert = {
  name: "SystemdServiceFailed",
  severity: "warning",
  for: "5m",
  // Needs --collector.systemd, which modules vm and lxc switch on.
  expr: 'node_systemd_unit_state{state="failed"} == 1',
  summary: "{{ $labels.name }} has failed on {{ $labels.instance }}",
  description:
    "The unit {{ $labels.name }} on {{ $labels.instance }} has been in the state failed for 5 minutes.",
  runbook: {
    meaning: "systemd gave a unit up: it ended with an error, or was restarted too often.",
    look: [
      "`systemctl status UNIT` and `journalctl -u UNIT -e` on the machine.",
      "`systemctl --failed`: whether others failed with it.",
    ],
    causes: [
      "a wrong configuration after an update",
      "a full disk (HighDiskUsage)",
      "a network mount whose server is away",
      "in a container: a unit that cannot work there; `systemctl mask UNIT`",
    ],
    mend: "Mend what the log says, then `systemctl restart UNIT`. `systemctl reset-failed UNIT` forgets a failure that does not matter.",
  },
  fires: [
    {
      name: "a unit that failed",
      series: { [series("node_systemd_unit_state", labels)]: "1x10" },
      at: "5m",
      alerts: [
        {
          labels,
          summary: "nginx.service has failed on web",
          description: "The unit nginx.service on web has been in the state failed for 5 minutes.",
        },
      ],
    },
  ],
  silent: [
    {
      name: "a unit that is active",
      series: {
        [series("node_systemd_unit_state", labels)]: "0x10",
        [series("node_systemd_unit_state", labels, { state: "active" })]: "1x10",
      },
    },
    {
      name: "a unit that was restarted in time",
      series: { [series("node_systemd_unit_state", labels)]: "1x3 0x7" },
    },
  ],
};
