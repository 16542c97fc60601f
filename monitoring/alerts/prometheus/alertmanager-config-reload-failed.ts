import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const labels = { job: "alertmanager", instance: "alertmanager" };
const reload = series("alertmanager_config_last_reload_successful", labels);

export const alertmanagerConfigReloadFailed: Alert = {
  name: "AlertmanagerConfigReloadFailed",
  severity: "critical",
  for: "5m",
  expr: "max_over_time(alertmanager_config_last_reload_successful[5m]) == 0",
  summary: "Alertmanager works with an old configuration",
  description:
    "Alertmanager refused its configuration at the last reload: new receivers and routes are not in effect.",
  runbook: {
    meaning:
      "Alertmanager's configuration has a mistake. The old one stays in effect until the next start, and then Alertmanager does not start.",
    look: [
      "`docker compose -p monitoring logs alertmanager 2>&1 | tail` on the monitoring machine.",
      "`docker compose -p monitoring exec alertmanager amtool check-config /etc/alertmanager/alertmanager.yml`.",
    ],
    causes: ["a file that was edited by hand on the machine"],
    mend: "Deliver the files of the stack again; then `docker compose -p monitoring kill --signal HUP alertmanager`.",
  },
  fires: [
    {
      name: "a reload that failed",
      series: { [reload]: "0x20" },
      at: "5m",
      alerts: [
        {
          labels,
          summary: "Alertmanager works with an old configuration",
          description:
            "Alertmanager refused its configuration at the last reload: new receivers and routes are not in effect.",
        },
      ],
    },
  ],
  silent: [{ name: "a reload that succeeded", series: { [reload]: "1x20" } }],
};
