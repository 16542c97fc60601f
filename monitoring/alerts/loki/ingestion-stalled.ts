import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const target = { job: "loki", instance: "loki" };
const up = series("up", target);
const lines = series("loki_distributor_lines_received_total", target, {
  format: "loki",
  is_internal_stream: "false",
  tenant: "fake",
});
const expected = {
  labels: {},
  summary: "No logs arrive",
  description: "Loki runs, and no line has arrived for 30 minutes from any machine.",
};

export const lokiIngestionStalled: Alert = {
  name: "LokiIngestionStalled",
  severity: "warning",
  for: "15m",
  // The counter is not there before the first line: without vector(0) it would be silent when nothing ever arrived.
  expr: `(sum(rate(loki_distributor_lines_received_total[15m])) or vector(0)) == 0
and on () max(up{job="loki"}) == 1`,
  summary: expected.summary,
  description: expected.description,
  runbook: {
    meaning: "Loki is well, and no machine sends it anything. When you need the logs, they are not there.",
    look: [
      "`docker compose -p monitoring logs promtail 2>&1 | tail` on the monitoring machine, then on a guest.",
      "From a guest: `curl http://MONITORING:3100/ready`.",
    ],
    causes: [
      "a firewall that closes port 3100",
      "log agents with an old address of Loki",
      "lines that Loki refuses (LokiDiscarding)",
    ],
    mend: "Open the port, or correct the address. Agents then send the lines since.",
  },
  fires: [
    { name: "lines that end", series: { [up]: "1x60", [lines]: "5x60" }, at: "15m", alerts: [expected] },
    { name: "not one line ever", series: { [up]: "1x60" }, at: "15m", alerts: [expected] },
  ],
  silent: [
    { name: "one line every ten minutes", series: { [up]: "1x60", [lines]: "0x9 1x9 2x9 3x9 4x20" } },
    { name: "Loki is down, which is an alert of its own", series: { [up]: "0x60" } },
  ],
};
