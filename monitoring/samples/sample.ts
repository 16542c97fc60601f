import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Labels } from "../alert.ts";

export interface Sample {
  readonly file: string;
  /** The scrape job whose targets give these series; "*": every job. */
  readonly job: string;
  /** Recorded from the program itself, or transcribed from its source, tests or documents. */
  readonly origin: "recorded" | "transcribed";
  /** Program, version and date, or where it was read. */
  readonly source: string;
  readonly series: readonly Series[];
}

export interface Series {
  readonly metric: string;
  readonly labels: Labels;
}

/**
 * Reads text in Prometheus' exposition format whose first lines say `# recorded: SOURCE` or `# transcribed: SOURCE`,
 * and `# job: NAME`. Throws SyntaxError that names file and line.
 */
export function parseSample(file: string, text: string): Sample {
  const heading = (name: string) => new RegExp(`^# ${name}: (.+)$`, "m").exec(text)?.[1];
  const [recorded, transcribed, job] = [heading("recorded"), heading("transcribed"), heading("job")];
  const source = recorded ?? transcribed;
  if (job === undefined) throw new SyntaxError(`${file}: must have a line "# job: NAME"`);
  if (source === undefined)
    throw new SyntaxError(`${file}: must have a line "# recorded: PROGRAM VERSION, DATE"`);
  const series = text.split("\n").flatMap((line, index) => {
    if (line.trim() === "" || line.startsWith("#")) return [];
    const one = parseSeries(line);
    if (one === undefined) throw new SyntaxError(`${file}:${index + 1}: ${line} is not NAME{LABELS} VALUE`);
    return [one];
  });
  return { file, job, origin: recorded === undefined ? "transcribed" : "recorded", source, series };
}

/** One line, or one name with labels as promtool takes it; undefined where it is neither. */
export function parseSeries(line: string): Series | undefined {
  const [whole, metric, text = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?(?:\s+\S+)?$/.exec(line) ?? [];
  if (whole === undefined || metric === undefined) return undefined;
  const pattern = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?\s*/g;
  const labels = [...text.matchAll(pattern)].map(([, name = "", value = ""]) => [name, unescaped(value)]);
  return text.replaceAll(pattern, "") === "" ? { metric, labels: Object.fromEntries(labels) } : undefined;
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}

/** Every sample of this folder. */
export function readSamples(): Sample[] {
  return readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".prom"))
    .map((name) => parseSample(name, readFileSync(join(import.meta.dirname, name), "utf8")));
}
