import { messageOf, Problem } from "../model/problem.ts";
import { paint } from "./status-words.ts";
import { plain } from "./terminal-text.ts";

/**
 * What stderr says about anything that was thrown, ending in a line feed. A problem is its message, place and
 * hint; everything else is a bug of this program and comes with its stack.
 */
export function renderProblem(problem: unknown, options: { colour?: boolean } = {}): string {
  const { colour = false } = options;
  const name = paint("pve-home:", ["bold", "red"], colour);
  const lines =
    problem instanceof Problem && problem.kind !== "bug"
      ? [`${name} ${plain(problem.message)}`, ...directions(problem, colour)]
      : [
          `${name} this is a bug in pve-home: ${plain(messageOf(problem))}`,
          ...stackLines(problem),
          "  please report it with these lines and the command you typed; look them over for what is private",
        ];
  return `${lines.join("\n")}\n`;
}

function directions({ place, hint }: Problem, colour: boolean): string[] {
  return [
    ...(place === undefined ? [] : [`  at ${plain(place)}`]),
    ...(hint === undefined ? [] : [paint(`  try: ${plain(hint)}`, "cyan", colour)]),
  ];
}

/** The frames of an error and of what caused it. */
function stackLines(thrown: unknown): string[] {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  for (let error = thrown; error instanceof Error && !seen.has(error); error = error.cause) {
    if (seen.size > 0) lines.push(`  caused by: ${plain(messageOf(error))}`);
    seen.add(error);
    const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
    lines.push(...frames.map((frame) => `    ${plain(frame)}`));
  }
  return lines;
}
