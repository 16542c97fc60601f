import { type MetricDefinition, metrics } from "../src/model/metrics.ts";
import { type Matcher, matches, parsePromql, type Selector } from "./promql.ts";
import type { Sample, Series } from "./samples/sample.ts";

/** Labels that a target has besides those of its exporter: from modules/monitoring-stack/files/prometheus. */
const targetLabels = (job: string) => [
  "job",
  "instance",
  ...(job === "node" || job === "pve" ? ["role", "environment"] : []),
];

interface Known extends Series {
  readonly job: string;
  /** Values are not known for our own metrics: of those, labels alone are compared. */
  readonly namesOnly?: true;
}

/**
 * What is wrong with a PromQL expression: metrics and labels that no sample and no metric of ours has, and selectors
 * that select nothing from the samples. Empty: nothing. Throws SyntaxError where it is no PromQL.
 */
export function lintQuery(text: string, samples: readonly Sample[]): string[] {
  const { selectors, labels } = parsePromql(text);
  const known = catalogue(samples);
  const wrong = selectors.flatMap((selector) => lintSelector(selector, known));
  const possible = new Set(
    selectors
      .flatMap(({ metric }) => known.get(metric) ?? [])
      .flatMap((series) => [...Object.keys(series.labels), ...labelsOf(series.job)]),
  );
  const strange = selectors.length === 0 ? [] : labels.filter((label) => !possible.has(label));
  return [...wrong, ...strange.map((label) => `none of its metrics has the label ${label}`)];
}

function labelsOf(job: string): string[] {
  return targetLabels(job === "*" ? "node" : job);
}

function lintSelector(
  { metric, matchers }: Selector,
  known: ReadonlyMap<string, readonly Known[]>,
): string[] {
  const all = known.get(metric);
  if (all === undefined) return [`${metric} is in no sample`];
  const strange = matchers.filter(
    ({ label }) => !all.some((series) => label in series.labels || labelsOf(series.job).includes(label)),
  );
  if (strange.length > 0) return strange.map(({ label }) => `${metric} has no label ${label}`);
  if (all.some((series) => matchers.every((matcher) => selects(matcher, series)))) return [];
  return [`${metric}{${matchers.map(shown).join(", ")}} selects nothing from the samples`];
}

function selects(matcher: Matcher, { job, labels, namesOnly }: Known): boolean {
  if (matcher.label === "job") return job === "*" || matches(matcher, job);
  if (namesOnly || (!(matcher.label in labels) && labelsOf(job).includes(matcher.label))) return true;
  return matches(matcher, labels[matcher.label] ?? "");
}

function shown({ label, operator, value }: Matcher): string {
  return `${label}${operator}${JSON.stringify(value)}`;
}

function catalogue(samples: readonly Sample[]): ReadonlyMap<string, readonly Known[]> {
  const ours = Object.entries<MetricDefinition>(metrics).map(
    ([metric, { labels }]): Known => ({
      metric,
      job: "node",
      labels: Object.fromEntries(labels.map((label) => [label, ""])),
      namesOnly: true,
    }),
  );
  const theirs = samples.flatMap(({ job, series }) => series.map((one): Known => ({ ...one, job })));
  return Map.groupBy([...ours, ...theirs], ({ metric }) => metric);
}
