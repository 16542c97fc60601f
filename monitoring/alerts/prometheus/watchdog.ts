import type { Alert } from "../../alert.ts";

const description =
  "This alert always fires. If it stops arriving, alerts no longer get from Prometheus to their receiver.";

export const watchdog: Alert = {
  name: "Watchdog",
  severity: "none",
  for: "0m",
  expr: "vector(1)",
  summary: "Alerts can be sent",
  description,
  runbook: {
    meaning:
      "Nothing is wrong: this alert fires all the time, so that a service outside notices when it no longer arrives.",
    look: ["Prometheus and Alertmanager, if the service outside complains that it does not arrive."],
    causes: ["it is meant to fire"],
    mend: "Nothing to mend. If it no longer arrives, look at the monitoring machine: the machine, Prometheus, Alertmanager or its connection to the Internet is down.",
  },
  fires: [
    {
      name: "always",
      series: {},
      at: "0m",
      alerts: [{ labels: {}, summary: "Alerts can be sent", description }],
    },
  ],
  silent: [],
};
