/** What a text of a dashboard may refer to. Seconds; values of variables by name. */
export interface Scope {
  readonly range: number;
  readonly step: number;
  readonly values: Readonly<Record<string, string>>;
}

/** Seconds between scrapes: jsonData.timeInterval of the datasource. */
const scrapeInterval = 15;

/**
 * Replaces Grafana's macros ($__interval, $__rate_interval, $__range …) and variables ($name, ${name}, ${name:regex}),
 * as its datasources for Prometheus and Loki do. Throws RangeError for a name that is neither.
 */
export function expandText(text: string, { range, step, values }: Scope): string {
  // https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#global-variables
  const macros: Readonly<Record<string, string>> = {
    __interval: `${step}s`,
    __interval_ms: `${step * 1000}`,
    // Prometheus' datasource: at least four scrapes, so that a rate has two points even when one is missed.
    __rate_interval: `${Math.max(step + scrapeInterval, 4 * scrapeInterval)}s`,
    // Loki's datasource: the step for a query over a range.
    __auto: `${step}s`,
    __range: `${range}s`,
    __range_s: `${range}`,
    __range_ms: `${range * 1000}`,
  };
  return text.replaceAll(/\$(?:\{(\w+)(?::(\w+))?\}|([a-zA-Z_]\w*))/g, (whole, braced, format, bare) => {
    const value = macros[bare ?? braced] ?? values[bare ?? braced];
    if (value === undefined) throw new RangeError(`${whole} is neither a variable nor a macro`);
    if (format === undefined) return value;
    if (format !== "regex") throw new RangeError(`${whole}: the format ${format} is not known, regex is`);
    return escapeRegex(value);
  });
}

export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$*+?.()|[\]{}/]/g, "\\$&");
}
