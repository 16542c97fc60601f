import { parser } from "@grafana/lezer-logql";
import { lintQuery } from "./lint-query.ts";
import { type LabelQuestion, type PanelQuery, panelQueries } from "./panel-queries.ts";
import type { Sample } from "./samples/sample.ts";

/** Labels of log lines: what both log agents give (modules/vm/files, modules/monitoring-stack/files/promtail). */
const logLabels = ["hostname", "environment", "job", "service", "level"];

/**
 * What is wrong with the queries of a dashboard (parsed JSON), each with dashboard and panel: metrics and labels that
 * no sample has, labels that log lines have not, datasources that are not provisioned, panels without a query.
 */
export async function lintDashboard(dashboard: unknown, samples: readonly Sample[]): Promise<string[]> {
  const asked: LabelQuestion[] = [];
  const labelValues = async (question: LabelQuestion) => {
    asked.push(question);
    return [".+"];
  };
  const queries = await panelQueries(dashboard, { labelValues, range: 21_600, step: 60 });
  const variables = asked.map(({ datasource, label, selector = "" }): PanelQuery => {
    const text =
      datasource === "loki"
        ? `sum by (${label}) (count_over_time(${selector || '{job=~".+"}'} [1m]))`
        : `count by (${label}) (${selector})`;
    return {
      dashboard: queries[0]?.dashboard ?? "",
      panel: `variable ${label}`,
      datasource,
      text,
      instant: true,
    };
  });
  return [...variables, ...queries].flatMap((query) =>
    lintPanelQuery(query, samples).map((problem) => `${query.dashboard}, ${query.panel}: ${problem}`),
  );
}

function lintPanelQuery({ datasource, text }: PanelQuery, samples: readonly Sample[]): string[] {
  try {
    if (datasource === "prometheus") return lintQuery(text, samples);
    if (datasource === "loki") return lintLogql(text);
    return [`the datasource ${datasource} is not provisioned`];
  } catch (error) {
    if (error instanceof SyntaxError) return [error.message];
    throw error;
  }
}

/** Labels in a LogQL query that log lines have not. Throws SyntaxError where it is no LogQL. */
export function lintLogql(text: string): string[] {
  const unknown = new Set<string>();
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) {
        throw new SyntaxError(
          `LogQL at character ${node.from + 1}: ${text.slice(node.from) || "end of text"}`,
        );
      }
      if (node.name !== "Matcher" && node.name !== "Labels") return;
      for (const name of node.node.getChildren("Identifier")) {
        const label = text.slice(name.from, name.to);
        if (!logLabels.includes(label)) unknown.add(label);
      }
    },
  });
  return [...unknown].map((label) => `log lines have no label ${label}`);
}
