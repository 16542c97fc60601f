import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { choice, dashboard, instant, lines, number, prometheus, promql, width } from "../house.ts";
import { colours, history, type State, tiles } from "../states.ts";

const states: readonly State[] = [
  { text: "healthy", colour: "green" },
  { text: "failed", colour: "red" },
  { text: "unknown", colour: "purple" },
  { text: "pending", colour: "blue" },
];

const status = 'max by (env, component, type) (pve_health_status{env=~"$env", type=~"$type"})';
const of = (metric: string) => `max by (env) (${metric}{env=~"$env"})`;

export function healthOverview(): Dashboard {
  return dashboard("health-overview", "Health", "What the health checks found.")
    .time({ from: "now-7d", to: "now" })
    .withVariable(choice("env", "Environment", "label_values(pve_health_status, env)", prometheus))
    .withVariable(choice("type", "Kind", 'label_values(pve_health_status{env=~"$env"}, type)', prometheus))
    .withPanel(
      number("Healthy", "Components without a problem.")
        .thresholds(colours([null, "green"]))
        .withTarget(instant(of("pve_health_components_healthy"), "{{env}}")),
    )
    .withPanel(
      number("Checked", "Components that the last check looked at.").withTarget(
        instant(of("pve_health_components_total"), "{{env}}"),
      ),
    )
    .withPanel(
      number("Since the last check", "Red where none has finished for eight hours.")
        .span(width.half)
        .unit("s")
        .thresholds(colours([null, "green"], [28_800, "red"]))
        .withTarget(instant(`time() - ${of("pve_health_last_check_timestamp")}`, "{{env}}")),
    )
    .withPanel(
      tiles("Now", "The last check of each component.", states)
        .height(8)
        .span(width.full)
        .withTarget(instant(status, "{{component}} ({{env}})")),
    )
    .withPanel(
      history("History", "Each component over the time range.", states)
        .height(12)
        .withTarget(promql(status, "{{component}} ({{env}})")),
    )
    .withPanel(
      lines("Duration of checks", "The slowest check of each component.")
        .span(width.full)
        .unit("s")
        .withTarget(
          promql(
            'max by (env, component) (pve_health_check_duration_seconds{env=~"$env", type=~"$type"})',
            "{{component}} ({{env}})",
          ),
        ),
    )
    .build();
}
