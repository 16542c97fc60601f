import type { DriftFinding, DriftReport } from "../model/drift.ts";
import { duration } from "../model/duration.ts";

/** A report as it stands in a log file: plain lines, times in UTC, nothing shortened away. */
export function reportText(report: DriftReport): string {
  const { environment, startedAt, durationMs, status, findings, problem } = report;
  const lines = [`${startedAt} ${environment}: ${status} (${duration(durationMs)})`];
  if (problem !== undefined) {
    lines.push(`  the check failed [${problem.code}]: ${problem.message}`);
    if (problem.hint !== undefined) lines.push(`    ${problem.hint}`);
  }
  for (const finding of findings) lines.push(...findingLines(finding));
  for (const note of report.notes ?? []) lines.push(`  note: ${note}`);
  return `${lines.join("\n")}\n`;
}

function findingLines(finding: DriftFinding): string[] {
  const { verdict, subject, detail, changes, reason, hint } = finding;
  return [
    `  ${verdict}: ${subject}: ${detail}`,
    ...changes.map(({ path, before, after }) => `    ${path}: ${text(before)} -> ${text(after)}`),
    ...(reason === undefined ? [] : [`    reason: ${reason}`]),
    ...(hint === undefined ? [] : [`    ${hint}`]),
  ];
}

function text(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}
