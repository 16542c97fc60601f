import type { Alert } from "./alert.ts";

/** The page of an alert, docs/runbooks/NAME.md. */
export function runbookPage(alert: Alert): string {
  const { meaning, look, causes, mend } = alert.runbook;
  return `<!-- Written from monitoring/alerts: changes here are lost. -->
# ${alert.name}

${meaning}

## Look first

${look.map((step, index) => `${index + 1}. ${step}`).join("\n")}

## Usual causes

${causes.map((cause) => `- ${cause}`).join("\n")}

## Mend

${mend}

## Silence

On the monitoring machine, or on the page of Alertmanager:

\`\`\`sh
docker compose -p monitoring exec alertmanager amtool silence add alertname=${alert.name} \\
  --duration=2h --author=me --comment="why" --alertmanager.url=http://localhost:9093
\`\`\`

## The rule

Severity \`${alert.severity}\`, ${duration(alert.for)}:

\`\`\`promql
${alert.expr}
\`\`\`
`;
}

function duration(time: string): string {
  return time === "0m" ? "at the first evaluation for which this holds" : `when this has held for ${time}`;
}
