import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { bars, choice, dashboard, instant, number, prometheus, promql, width } from "../house.ts";
import { colours, history, type State, tiles } from "../states.ts";

const states: readonly State[] = [
  { text: "in line", colour: "green" },
  { text: "drift", colour: "red" },
  { text: "check failed", colour: "purple" },
];

const of = (metric: string) => `max by (env) (${metric}{env=~"$env"})`;

export function driftOverview(): Dashboard {
  return dashboard("drift-overview", "Drift", "Whether what runs is what the code says.")
    .time({ from: "now-30d", to: "now" })
    .withVariable(choice("env", "Environment", "label_values(pve_drift_status, env)", prometheus))
    .withPanel(
      tiles("Now", "The last check of each environment.", states)
        .span(width.half)
        .withTarget(instant(of("pve_drift_status"), "{{env}}")),
    )
    .withPanel(
      number("Since the last check", "Red where none has finished for two days.")
        .span(width.quarter)
        .unit("s")
        .thresholds(colours([null, "green"], [172_800, "red"]))
        .withTarget(instant(`time() - ${of("pve_drift_last_check_timestamp")}`, "{{env}}")),
    )
    .withPanel(
      number("Not managed", "Guests that are in no environment's state.")
        .span(width.quarter)
        .thresholds(colours([null, "green"], [1, "yellow"]))
        .withTarget(instant("max(pve_drift_unmanaged)", "guests")),
    )
    .withPanel(
      history("History", "Each environment over the time range, 30 days at first.", states).withTarget(
        promql(of("pve_drift_status"), "{{env}}"),
      ),
    )
    .withPanel(
      bars("Resources in drift", "Changed by hand, deleted, or not applied yet.")
        .span(width.full)
        .withTarget(promql(of("pve_drift_resources_changed"), "{{env}}")),
    )
    .build();
}
