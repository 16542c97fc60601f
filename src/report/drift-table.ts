import type { DriftFinding, DriftReport, UnmanagedReport } from "../model/drift.ts";
import { duration, wallTime } from "../model/duration.ts";
import { findingLines } from "./drift-findings.ts";
import {
  changedCount,
  driftDetail,
  environmentsLine,
  unmanagedDetail,
  withVerdict,
} from "./drift-summary.ts";
import type { TextOptions } from "./health-table.ts";
import { count } from "./plural.ts";
import { driftWords, paint, statusStyles } from "./status-words.ts";
import { type Cell, type Column, tableLines } from "./table.ts";
import { plain, wrap } from "./terminal-text.ts";

const columns: Column[] = [
  { title: "environment" },
  { title: "status" },
  { title: "changed", align: "right" },
  { title: "details", wraps: true },
];

/** The row of what belongs to no environment; no environment can be called so. */
const cluster = "(cluster)";

/**
 * Drift for a terminal: a row per environment, below it each finding in short lines, then one summary line.
 * Findings known to be harmless are only counted, unless `verbose`. Ends in a line feed.
 */
export function renderDrift(
  reports: readonly DriftReport[],
  unmanaged?: UnmanagedReport,
  options: TextOptions = {},
): string {
  const { width = 80, colour = false, verbose = false } = options;
  const all = unmanaged === undefined ? reports : [...reports, { ...unmanaged, environment: cluster }];
  const rows = [...reports.map(environmentRow), ...(unmanaged === undefined ? [] : [clusterRow(unmanaged)])];
  const lines = rows.length === 0 ? [] : [...tableLines(columns, rows, { width, colour }), ""];
  for (const { environment, findings, problem } of all) {
    const shown = findings.filter((finding) => verbose || finding.verdict !== "noise");
    if (shown.length === 0 && problem?.hint === undefined) continue;
    lines.push(paint(plain(environment), ["bold", "underline"], colour), "");
    if (problem?.hint !== undefined) {
      lines.push(...wrap(plain(problem.message), width));
      lines.push(paint(`  try: ${plain(problem.hint)}`, "cyan", colour), "");
    }
    for (const finding of shown) lines.push(...findingLines(finding, { width, colour, verbose }), "");
  }
  return `${[...lines, ...wrap(summary(reports, unmanaged, verbose), width)].join("\n")}\n`;
}

function environmentRow(report: DriftReport): Cell[] {
  return [
    report.environment,
    { text: driftWords[report.status], style: statusStyles[report.status] },
    changedCount(report)?.toString() ?? "?",
    marked(driftDetail(report), report.sample),
  ];
}

function clusterRow(report: UnmanagedReport): Cell[] {
  return [
    cluster,
    { text: driftWords[report.status], style: statusStyles[report.status] },
    report.status === "unknown" ? "?" : report.findings.length.toString(),
    marked(unmanagedDetail(report), report.sample),
  ];
}

function marked(detail: string, sample: true | undefined): string {
  return sample ? `[sample] ${detail}` : detail;
}

function summary(reports: readonly DriftReport[], unmanaged: UnmanagedReport | undefined, verbose: boolean) {
  const findings: DriftFinding[] = reports.flatMap((report) => report.findings);
  const noise = withVerdict(findings, "noise").length;
  const parts = [
    environmentsLine(reports),
    unmanaged === undefined ? "" : unmanagedDetail(unmanaged),
    noise === 0 || verbose ? "" : `${count(noise, "difference")} known to be harmless (--verbose shows them)`,
  ].filter((part) => part !== "");
  const sample = [...reports, ...(unmanaged ? [unmanaged] : [])].some((report) => report.sample);
  return `${sample ? "sample data: " : ""}${parts.join("; ")} — checked in ${duration(wallTime(reports))}`;
}
