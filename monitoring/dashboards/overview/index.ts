import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { bars, dashboard, instant, list, number, promql, rows, width } from "../house.ts";
import { colours, history, type State } from "../states.ts";

const firing = 'ALERTS{alertstate="firing", severity=~"info|warning|critical"}';
const count = (severity: string) => `count(ALERTS{alertstate="firing", severity="${severity}"}) or vector(0)`;

const states: readonly State[] = [
  { text: "down", colour: "red" },
  { text: "up", colour: "green" },
];

export function overview(): Dashboard {
  return dashboard("overview", "Overview", "What fires now, and what Prometheus can see.")
    .withPanel(
      number("Critical", "Act now.")
        .thresholds(colours([null, "green"], [1, "red"]))
        .withTarget(instant(count("critical"), "alerts")),
    )
    .withPanel(
      number("Warnings", "Look today.")
        .thresholds(colours([null, "green"], [1, "orange"]))
        .withTarget(instant(count("warning"), "alerts")),
    )
    .withPanel(
      number("Information", "Look when you have time.")
        .thresholds(colours([null, "green"], [1, "blue"]))
        .withTarget(instant(count("info"), "alerts")),
    )
    .withPanel(
      number("Targets that do not answer", "Of all that Prometheus asks.")
        .thresholds(colours([null, "green"], [1, "red"]))
        .withTarget(instant("count(up) - sum(up)", "targets")),
    )
    .withPanel(
      list("Firing", "Each alert that fires. Its page is docs/runbooks/NAME.md.")
        .span(width.full)
        .withTransformation({
          id: "organize",
          options: {
            excludeByName: { Time: true, Value: true, __name__: true, alertstate: true, job: true },
            indexByName: { severity: 0, alertname: 1, instance: 2, environment: 3 },
          },
        })
        .withTarget(rows(firing)),
    )
    .withPanel(
      bars("Alerts over time", "How many fire, by severity.").withTarget(
        promql(`count by (severity) (${firing})`, "{{severity}}"),
      ),
    )
    .withPanel(
      history("Targets", "What answered Prometheus, and when.", states)
        .span(width.half)
        .withTarget(promql("min by (job) (up)", "{{job}}")),
    )
    .build();
}
