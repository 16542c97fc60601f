import { type Dashboard, TextBoxVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { bars, choice, dashboard, logLines, logql, loki, width } from "../house.ts";

// Loki wants one matcher that cannot be empty; lines of the system log have no service.
const machines = 'environment=~"$environment", hostname=~"$hostname"';
const services = `${machines}, service=~"$service"`;
const errors = `${services}, level="error"`;

export function logsOverview(): Dashboard {
  return dashboard("logs-overview", "Logs", "What machines and containers say.")
    .withVariable(choice("environment", "Environment", "label_values(environment)", loki))
    .withVariable(
      choice("hostname", "Machine", 'label_values({environment=~"$environment"}, hostname)', loki),
    )
    .withVariable(choice("service", "Service", `label_values({${machines}}, service)`, loki, ".*"))
    .withVariable(new TextBoxVariableBuilder("search").label("Text").defaultValue(""))
    .withPanel(
      bars("Lines by service", "Lines that containers wrote.")
        .datasource(loki)
        .unit("short")
        .span(width.half)
        .withTarget(
          logql(`sum by (service) (count_over_time({${machines}, service=~".+"} [$__auto]))`, "{{service}}"),
        ),
    )
    .withPanel(
      bars("Errors by machine", "Lines of the level error.")
        .datasource(loki)
        .unit("short")
        .span(width.half)
        .withTarget(logql(`sum by (hostname) (count_over_time({${errors}} [$__auto]))`, "{{hostname}}")),
    )
    .withPanel(
      logLines("Recent errors", "Lines of the level error, newest first.").withTarget(
        logql(`{${errors}}`).maxLines(200),
      ),
    )
    .withPanel(
      logLines("Logs by machine", "Every line of the chosen machines and services, newest first.").withTarget(
        logql(`{${services}}`).maxLines(500),
      ),
    )
    .withPanel(
      logLines("Search", "Lines that contain the text above, in capitals or not.").withTarget(
        logql(`{${services}} |~ \`(?i)\${search:regex}\``).maxLines(500),
      ),
    )
    .build();
}
