import { z } from "zod";
import { readJson } from "../../model/json.ts";

export interface Diagnostic {
  summary: string;
  detail: string;
  /** `main.tf`, relative to the environment's folder. */
  file: string | undefined;
  line: number | undefined;
  /** Of the resource; only where the tool prints JSON. */
  address?: string | undefined;
}

const schema = z.object({
  diagnostic: z.object({
    severity: z.string(),
    summary: z.string(),
    detail: z.string().optional(),
    address: z.string().optional(),
    range: z.object({ filename: z.string(), start: z.object({ line: z.number() }) }).optional(),
  }),
});

/** The errors among the lines that `-json` prints, else those of the text meant for people. */
export function errorsIn(output: { stdout: string; stderr: string }): Diagnostic[] {
  const found = printed(output.stdout, "error");
  // "encountered problems during initialisation, described below" is the frame of the others.
  const telling = found.filter((diagnostic) => !/encountered problems during/.test(diagnostic.summary));
  return telling.length > 0 ? telling : errorsInText(output.stderr || output.stdout);
}

/** The warnings among the lines that `-json` prints. */
export const warningsIn = (stdout: string): Diagnostic[] => printed(stdout, "warning");

function printed(stdout: string, severity: "error" | "warning"): Diagnostic[] {
  return stdout.split("\n").flatMap((line) => {
    const parsed = line.startsWith("{") ? schema.safeParse(readJson(line)) : undefined;
    if (!parsed?.success || parsed.data.diagnostic.severity !== severity) return [];
    const { summary, detail = "", range, address } = parsed.data.diagnostic;
    return { summary, detail, file: range?.filename, line: range?.start.line, address };
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const colour = /\u001b\[[0-9;]*m/g;

/** `Error: SUMMARY`, `on FILE line N`, and what follows, in a frame of box characters. */
function errorsInText(text: string): Diagnostic[] {
  const plain = text.replace(colour, "").replace(/^[│╷╵ \t]+/gm, "");
  return plain
    .split(/^Error: /m)
    .slice(1)
    .map((block) => {
      const [summary = "", ...rest] = block.split("\n");
      const place = /^on (\S+) line (\d+)/m.exec(block);
      const detail = rest.filter((line) => line.trim() !== "" && !/^(on \S+ line )?\d+[:,]?/.test(line));
      return {
        summary: summary.trim(),
        detail: detail.join("\n").trim(),
        file: place?.[1],
        line: place === null ? undefined : Number(place[2]),
      };
    })
    .filter((diagnostic) => !/encountered problems during/.test(diagnostic.summary));
}
