import { stringify } from "yaml";
import type { Alert, RuleFile } from "./alert.ts";

const yaml = { lineWidth: 0, blockQuote: "literal", aliasDuplicateObjects: false } as const;

/**
 * Where an alert's page is: a path in the checkout. A lab has no published address of its own; where there is one,
 * it goes here, and every rule follows.
 */
export function runbookUrl(alert: Pick<Alert, "name">): string {
  return `docs/runbooks/${alert.name}.md`;
}

/** A rule file as Prometheus reads it. */
export function ruleFile({ file, groups }: RuleFile): string {
  const heading = `# Alert rules. Written from monitoring/alerts (see monitoring/README.md): changes here are lost.\n`;
  const rules = groups.map(({ name, alerts }) => ({ name, rules: alerts.map(rule) }));
  return `${heading}# promtool check rules ${file}\n${stringify({ groups: rules }, yaml)}`;
}

function rule(alert: Alert): object {
  return {
    alert: alert.name,
    expr: alert.expr,
    for: alert.for,
    labels: { severity: alert.severity },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: runbookUrl(alert),
    },
  };
}
