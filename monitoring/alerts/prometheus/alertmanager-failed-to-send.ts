import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const target = { job: "alertmanager", instance: "alertmanager", integration: "telegram" };
const labels = { ...target, reason: "clientError" };

const sent = (failed: string, all: string) => ({
  [series("alertmanager_notifications_failed_total", labels)]: failed,
  [series("alertmanager_notifications_total", target)]: all,
});

export const alertmanagerFailedToSendAlerts: Alert = {
  name: "AlertmanagerFailedToSendAlerts",
  severity: "warning",
  for: "5m",
  // Cannot arrive by the integration that fails: seen on the pages of Alertmanager and Grafana, and by a second one.
  expr: `rate(alertmanager_notifications_failed_total[15m])
  / ignoring (reason) group_left () rate(alertmanager_notifications_total[15m]) > 0.01`,
  summary: "Messages by {{ $labels.integration }} fail",
  description:
    "{{ $value | humanizePercentage }} of the messages by {{ $labels.integration }} within 15 minutes failed ({{ $labels.reason }}).",
  runbook: {
    meaning: "Alertmanager has something to say and cannot: you may hear of nothing at all.",
    look: [
      "`docker compose -p monitoring logs alertmanager 2>&1 | grep -i notify | tail` on the monitoring machine: the answer of Telegram.",
      "401: the token. 400 *chat not found*: the chat, or the bot was never written to. Timeouts: the connection to the Internet.",
    ],
    causes: [
      "a token that was revoked",
      "a group that became a supergroup, and has another number since",
      "no connection to the Internet, or no DNS",
    ],
    mend: "Put the new token into the secret `telegram-bot-token`, or the new number into `telegram_chat_id`. The token is read again with each message.",
  },
  fires: [
    {
      name: "one of ten",
      series: sent("0+1x40", "0+10x40"),
      at: "6m",
      alerts: [
        {
          labels,
          summary: "Messages by telegram fail",
          description: "10% of the messages by telegram within 15 minutes failed (clientError).",
        },
      ],
    },
  ],
  silent: [
    { name: "none of ten", series: sent("0x40", "0+10x40") },
    { name: "no messages at all", series: sent("3x40", "10x40") },
  ],
};
