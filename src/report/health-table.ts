import { duration, wallTime } from "../model/duration.ts";
import { byComponent, type ComponentHealth, type Finding, type HealthReport } from "../model/health.ts";
import { allComponents, componentDetail, countsLine, findingDetail, healthHints } from "./health-summary.ts";
import { enumerate } from "./plural.ts";
import { paint, statusStyles, statusWords } from "./status-words.ts";
import { type Cell, type Column, tableLines } from "./table.ts";
import { plain, wrap } from "./terminal-text.ts";

export interface TextOptions {
  /** Columns of the terminal; 80 unless given. */
  width?: number;
  colour?: boolean;
  /** A row per check, and what is otherwise only counted. */
  verbose?: boolean;
}

const columns: Column[] = [
  { title: "component" },
  { title: "type" },
  { title: "status" },
  { title: "detail", wraps: true },
  { title: "duration", align: "right" },
];

/**
 * Health for a terminal: a table per environment, one row per component (verbose: per check), the hints below
 * it, and one summary line for the run. Ends in a line feed.
 */
export function renderHealth(reports: readonly HealthReport[], options: TextOptions = {}): string {
  const { width = 80, colour = false, verbose = false } = options;
  const lines: string[] = [];
  for (const report of reports) {
    if (reports.length > 1) lines.push(paint(plain(report.environment), "bold", colour), "");
    const components = byComponent(report.findings);
    if (components.length === 0) {
      lines.push("nothing to check", "");
      continue;
    }
    const rows = components.flatMap((component) =>
      verbose ? checkRows(component, report.sample) : [componentRow(component, report.sample)],
    );
    lines.push(...tableLines(columns, rows, { width, colour }), "");
    lines.push(...hintLines(report.findings, width, colour));
  }
  const summary = `${countsLine(allComponents(reports))} — checked in ${duration(wallTime(reports))}`;
  const marked = reports.some((report) => report.sample) ? `sample data: ${summary}` : summary;
  return `${[...lines, ...wrap(marked, width)].join("\n")}\n`;
}

function componentRow(component: ComponentHealth, sample: true | undefined): Cell[] {
  return [
    component.component,
    component.type,
    { text: statusWords[component.status], style: statusStyles[component.status] },
    marked(componentDetail(component), sample),
    component.status === "skipped" ? "" : duration(component.durationMs),
  ];
}

function checkRows(component: ComponentHealth, sample: true | undefined): Cell[][] {
  return component.findings.map((finding, index) => [
    index === 0 ? component.component : "",
    index === 0 ? component.type : "",
    { text: statusWords[finding.status], style: statusStyles[finding.status] },
    marked(`${findingDetail(finding)}${comparison(finding)}`, sample),
    finding.status === "skipped" ? "" : duration(finding.durationMs),
  ]);
}

/** What was expected and found, as far as the detail does not say it already. */
function comparison({ expected, actual, detail }: Finding): string {
  const parts = [
    expected !== undefined && !detail.includes(expected) ? `expected ${expected}` : "",
    actual !== undefined && !detail.includes(actual) ? `found ${actual}` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function marked(detail: string, sample: true | undefined): string {
  return sample ? `[sample] ${detail}` : detail;
}

/** A hint is a command to copy, so it stands on its own line and is never broken. */
function hintLines(findings: readonly Finding[], width: number, colour: boolean): string[] {
  const hints = healthHints(findings).flatMap(({ hint, components }) => [
    ...wrap(plain(`${enumerate(components)}:`), width),
    paint(`  try: ${plain(hint)}`, "cyan", colour),
  ]);
  return hints.length === 0 ? [] : [...hints, ""];
}
