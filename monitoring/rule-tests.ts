import { stringify } from "yaml";
import type { Alert, Expected, Firing, RuleFile, SeriesValues, Silent } from "./alert.ts";
import { minutes } from "./minutes.ts";
import { runbookUrl } from "./rule-file.ts";

/**
 * The unit tests of a rule file for `promtool test rules`; `rules` is that file's path as the tests see it.
 * A firing is asked for twice: at its minute, and one minute before, when it must not be there yet. What is
 * silent is asked for at the latest of those minutes.
 */
export function ruleTests({ groups }: RuleFile, rules: string): string {
  const tests = groups
    .flatMap(({ alerts }) => alerts)
    .flatMap((alert) => [
      ...alert.fires.map((firing) => firingTest(alert, firing)),
      ...alert.silent.map((silent) => silentTest(alert, silent)),
    ]);
  const heading = "# Written from monitoring/alerts. Run with: promtool test rules FILE\n";
  return heading + stringify({ rule_files: [rules], evaluation_interval: "1m", tests }, { lineWidth: 0 });
}

function firingTest(alert: Alert, { name, series, at, alerts }: Firing): object {
  const minute = minutes(at);
  const before = minute > 0 ? [question(alert, minute - 1, [])] : [];
  return group(`${alert.name} fires: ${name}`, series, [...before, question(alert, minute, alerts)]);
}

function silentTest(alert: Alert, { name, series }: Silent): object {
  const latest = Math.max(...alert.fires.map(({ at }) => minutes(at)));
  return group(`${alert.name} is silent: ${name}`, series, [question(alert, latest, [])]);
}

function group(name: string, series: SeriesValues, questions: readonly object[]): object {
  const input = Object.entries(series).map(([one, values]) => ({ series: one, values }));
  return { name, interval: "1m", input_series: input, alert_rule_test: questions };
}

function question(alert: Alert, minute: number, expected: readonly Expected[]): object {
  return {
    eval_time: `${minute}m`,
    alertname: alert.name,
    exp_alerts: expected.map(({ labels, summary, description }) => ({
      exp_labels: { ...labels, severity: alert.severity },
      exp_annotations: { summary, description, runbook_url: runbookUrl(alert) },
    })),
  };
}
