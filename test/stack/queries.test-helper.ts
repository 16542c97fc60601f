import { z } from "zod";
import { type LabelQuestion, panelQueries } from "../../monitoring/panel-queries.ts";
import { ask, askJson } from "./ask.test-helper.ts";
import type { Stack } from "./stack.test-helper.ts";

const labelValues = z.object({ data: z.array(z.string()).default([]) });
const answer = z.object({ status: z.literal("success"), data: z.object({ result: z.array(z.unknown()) }) });
const ports: Record<string, number> = { prometheus: 9090, loki: 3100 };

export interface Answered {
  dashboard: string;
  panel: string;
  text: string;
  /** How many series or streams came; an error's text where it was refused. */
  result: number | string;
}

/** Asks Prometheus and Loki everything that the delivered dashboards ask, as Grafana does when they are opened. */
export async function askDashboards(stack: Stack): Promise<Answered[]> {
  const paths = stack.record().files.filter((path) => /^grafana\/dashboards\/.*\.json$/.test(path));
  const opening = { labelValues: valuesOf, range: 3600, step: 60 };
  const all = await Promise.all(paths.map((path) => panelQueries(JSON.parse(stack.read(path)), opening)));
  const answered: Answered[] = [];
  for (const { dashboard, panel, datasource, text, instant } of all.flat()) {
    answered.push({ dashboard, panel, text, result: await resultOf(datasource, text, instant) });
  }
  return answered;
}

/** Of a metric that this stack has not yet, a value that fits none: the query is still asked. */
async function valuesOf({ datasource, label, selector }: LabelQuestion): Promise<readonly string[]> {
  const [path, name] = datasource === "loki" ? ["/loki/api/v1", "query"] : ["/api/v1", "match[]"];
  const which = selector === undefined ? "" : `?${new URLSearchParams({ [name]: selector })}`;
  const json = await askJson(`${path}/label/${label}/values${which}`, { port: ports[datasource] ?? 0 });
  const { data } = labelValues.parse(json);
  return data.length > 0 ? data : ["none"];
}

async function resultOf(datasource: string, text: string, instant: boolean): Promise<number | string> {
  const now = Math.floor(Date.now() / 1000);
  const time = instant ? { time: String(now) } : { start: String(now - 3600), end: String(now), step: "60" };
  const path = `${datasource === "loki" ? "/loki" : ""}/api/v1/query${instant ? "" : "_range"}`;
  const { status, text: said } = await ask(`${path}?${new URLSearchParams({ query: text, ...time })}`, {
    port: ports[datasource] ?? 0,
  });
  return status === 200 ? answer.parse(JSON.parse(said)).data.result.length : `${status} ${said}`;
}
