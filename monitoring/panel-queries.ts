import { z } from "zod";
import { escapeRegex, expandText, type Scope } from "./expand-text.ts";

// The part of a dashboard's JSON that decides what Grafana asks of its datasources.
const datasource = z.object({ type: z.string(), uid: z.string() });
const target = z.object({
  refId: z.string().optional(),
  expr: z.string(),
  instant: z.boolean().optional(),
  datasource: datasource.optional(),
});
const panel = z.object({
  title: z.string().default(""),
  type: z.string(),
  datasource: datasource.optional(),
  targets: z.array(target).default([]),
});
const variable = z.object({
  name: z.string(),
  type: z.enum(["query", "textbox"]),
  query: z.string().default(""),
  datasource: datasource.optional(),
  includeAll: z.boolean().default(false),
  allValue: z.string().optional(),
});
const schema = z.object({
  uid: z.string(),
  // Panels of a closed row are inside of it.
  panels: z.array(z.union([panel.extend({ panels: z.array(panel).min(1) }), panel])),
  templating: z.object({ list: z.array(variable).default([]) }),
});

export interface PanelQuery {
  /** The dashboard's uid. */
  readonly dashboard: string;
  /** The panel's title. */
  readonly panel: string;
  /** The datasource's uid. */
  readonly datasource: string;
  /** PromQL or LogQL, ready to be asked. */
  readonly text: string;
  /** Asked for one moment; otherwise for the whole time range. */
  readonly instant: boolean;
}

/** What a dashboard's variable asks: the values of a label, of all series or of those that a selector takes. */
export interface LabelQuestion {
  readonly datasource: string;
  readonly label: string;
  readonly selector?: string;
}

export interface Opening {
  /** Values as the datasource has them: Prometheus' /api/v1/label/LABEL/values, Loki's /loki/api/v1/label/… */
  readonly labelValues: (question: LabelQuestion) => Promise<readonly string[]>;
  /** Length of the time range, and distance of points, in seconds. */
  readonly range: number;
  readonly step: number;
  /** Chosen by hand, by variable: instead of all values, and for text fields. */
  readonly chosen?: Readonly<Record<string, string>>;
}

/**
 * Every query of a dashboard (parsed JSON) as Grafana sends it when the dashboard is opened: variables have all their
 * values where they may, otherwise the first. Throws RangeError for a variable without values and for a name or macro
 * that is not known, ZodError for what is no dashboard.
 */
export async function panelQueries(dashboard: unknown, opening: Opening): Promise<PanelQuery[]> {
  const { uid, panels, templating } = schema.parse(dashboard);
  const scope = {
    range: opening.range,
    step: opening.step,
    values: await valuesOf(templating.list, opening),
  };
  return panels
    .flatMap((one) => ("panels" in one ? one.panels : [one]))
    .flatMap(({ title, targets, datasource: ofPanel }) =>
      targets.map(({ expr, instant = false, datasource: own = ofPanel }) => ({
        dashboard: uid,
        panel: title,
        datasource: own?.uid ?? "prometheus",
        text: expandText(expr, scope),
        instant,
      })),
    );
}

async function valuesOf(
  variables: readonly z.infer<typeof variable>[],
  opening: Opening,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  // One after the other: a variable may ask with the values of those before it.
  for (const { name, type, query, datasource: from, includeAll, allValue } of variables) {
    const chosen = opening.chosen?.[name];
    if (type === "textbox") {
      values[name] = chosen ?? query;
      continue;
    }
    const scope: Scope = { range: opening.range, step: opening.step, values };
    const found = await opening.labelValues(question(expandText(query, scope), from?.uid ?? "prometheus"));
    const [first] = found;
    if (first === undefined) throw new RangeError(`variable ${name}: ${query} has no values`);
    values[name] = chosen ?? (includeAll ? (allValue ?? found.map(escapeRegex).join("|")) : first);
  }
  return values;
}

/** `label_values(LABEL)` and `label_values(SELECTOR, LABEL)`, as Prometheus' and Loki's variables are written. */
function question(text: string, from: string): LabelQuestion {
  const [, selector, label] = /^label_values\((?:(.+),\s*)?([a-zA-Z_]\w*)\)$/.exec(text) ?? [];
  if (label === undefined)
    throw new RangeError(`${text} is not label_values(LABEL) or label_values(SELECTOR, LABEL)`);
  return { datasource: from, label, ...(selector === undefined ? {} : { selector }) };
}
