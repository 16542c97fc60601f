import { parseSeries } from "./sample.ts";

// Enough for each value of labels such as collector or state, few enough to be read.
const perMetric = 64;
const perHistogram = 2;

/** A scrape without HELP lines, and with the first series of each metric alone. */
export function reduced(scrape: string): string {
  const seen = new Map<string, number>();
  const lines = scrape.split("\n").filter((line) => {
    if (line === "" || (line.startsWith("#") && !line.startsWith("# TYPE "))) return false;
    const metric = parseSeries(line)?.metric;
    if (metric === undefined) return true;
    const count = (seen.get(metric) ?? 0) + 1;
    seen.set(metric, count);
    return count <= (metric.endsWith("_bucket") ? perHistogram : perMetric);
  });
  return `${lines.join("\n")}\n`;
}
