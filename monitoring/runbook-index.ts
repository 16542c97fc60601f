import type { RuleFile } from "./alert.ts";

/** docs/runbooks/README.md: every alert by its group. */
export function runbookIndex(files: readonly RuleFile[]): string {
  const groups = files.flatMap(({ groups }) => groups);
  const sections = groups.map(({ name, alerts }) => {
    const rows = alerts
      .toSorted((one, other) => one.name.localeCompare(other.name))
      .map((alert) => `| [${alert.name}](${alert.name}.md) | ${alert.severity} | ${alert.runbook.meaning} |`);
    return `## ${name}\n\n| alert | severity | meaning |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  const count = groups.flatMap(({ alerts }) => alerts).length;
  return `<!-- Written from monitoring/alerts: changes here are lost. -->
# Alerts

${count} alerts. Critical: act now. Warning: look today. Info: look when you have time.

${sections.join("\n")}`;
}
