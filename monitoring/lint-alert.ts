import type { Alert } from "./alert.ts";
import { lintQuery } from "./lint-query.ts";
import { minutes } from "./minutes.ts";
import { parseSeries, type Sample } from "./samples/sample.ts";

const sections = ["meaning", "mend"] as const;
const lists = ["look", "causes"] as const;

/** What is wrong with an alert, each sentence with its name. Empty: nothing that can be seen without promtool. */
export function lintAlert(alert: Alert, samples: readonly Sample[]): string[] {
  return [
    ...lintExpression(alert, samples),
    ...lintTexts(alert),
    ...lintTests(alert, samples),
    ...sections
      .filter((name) => alert.runbook[name].trim() === "")
      .map((name) => `its runbook has no ${name}`),
    ...lists.filter((name) => alert.runbook[name].length === 0).map((name) => `its runbook has no ${name}`),
  ].map((problem) => `${alert.name}: ${problem}`);
}

function lintExpression(alert: Alert, samples: readonly Sample[]): string[] {
  try {
    return lintQuery(alert.expr, samples);
  } catch (error) {
    if (error instanceof SyntaxError) return [error.message];
    throw error;
  }
}

/** A label that is named and not there is an empty place in the message: every expected alert has it. */
function lintTexts(alert: Alert): string[] {
  const used = [...`${alert.summary} ${alert.description}`.matchAll(/\$labels\.(\w+)/g)].map(
    ([, name = ""]) => name,
  );
  const expected = alert.fires.flatMap(({ alerts }) => alerts);
  return [...new Set(used)]
    .filter((name) => expected.some(({ labels }) => !labels[name]))
    .map((name) => `its texts use the label ${name}, which an alert in its tests does not have`);
}

function lintTests(alert: Alert, samples: readonly Sample[]): string[] {
  // One that always fires needs nothing.
  const always = /^vector\(1\)$/.test(alert.expr);
  const problems = !always && alert.silent.length === 0 ? ["it has no test in which it is silent"] : [];
  if (alert.fires.every(({ alerts }) => alerts.length === 0))
    problems.push("it has no test in which it fires");
  if (alert.fires.some(({ at }) => minutes(at) < minutes(alert.for))) {
    problems.push(`a test has it fire before ${alert.for} have passed`);
  }
  const series = [...alert.fires, ...alert.silent].flatMap((test) => Object.keys(test.series));
  return [...problems, ...new Set(series.flatMap((name) => lintSeries(name, samples)))];
}

/** Series of a test have the labels of the real ones. */
function lintSeries(text: string, samples: readonly Sample[]): string[] {
  const series = parseSeries(text);
  if (series === undefined) return [`${text} is not a series`];
  const labels = Object.keys(series.labels).map((name) => `${name}=~".*"`);
  return lintQuery(`${series.metric}{${labels.join(",")}}`, samples);
}
