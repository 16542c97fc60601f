import type { Alert } from "../../alert.ts";

const description =
  "This alert always fires. Where it stops arriving, the way from Prometheus to its receiver is broken.";

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
    mend: "Nothing to mend. Where it is missing, look at the monitoring machine: it, Prometheus, Alertmanager or the way out is down.",
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
