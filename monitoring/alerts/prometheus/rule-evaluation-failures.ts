import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const labels = { job: "prometheus", instance: "prometheus", rule_group: "default.yml;node-alerts" };
const failures = series("prometheus_rule_evaluation_failures_total", labels);

export const prometheusRuleEvaluationFailures: Alert = {
  name: "PrometheusRuleEvaluationFailures",
  severity: "warning",
  for: "5m",
  // A window of 10 minutes: with 5, a single failure would be out of it before `for` has passed.
  expr: "increase(prometheus_rule_evaluation_failures_total[10m]) > 0",
  summary: "Prometheus cannot evaluate alert rules",
  description:
    'Failures of {{ $labels.rule_group }} within 10 minutes: {{ $value | printf "%.0f" }}. Alerts of that group may not come.',
  runbook: {
    meaning: "An expression of an alert rule ended with an error. While it does, that alert cannot fire.",
    look: [
      "Prometheus, *Status → Rule health*: the error beside the rule.",
      "`docker compose -p monitoring logs prometheus 2>&1 | grep 'Evaluating rule failed'`.",
    ],
    causes: [
      "many-to-many matching: two targets give the same series",
      "an expression of your own that selects too much",
      "a disk that is full or slow",
    ],
    mend: "Remove the duplicate target, or mend the rule. One of ours that fails is a bug: report it.",
  },
  fires: [
    {
      name: "a single failure",
      series: { [failures]: "0 0 1x20" },
      at: "7m",
      alerts: [
        {
          labels,
          summary: "Prometheus cannot evaluate alert rules",
          description:
            "Failures of default.yml;node-alerts within 10 minutes: 1. Alerts of that group may not come.",
        },
      ],
    },
  ],
  silent: [{ name: "failures of yesterday", series: { [failures]: "3x20" } }],
};
