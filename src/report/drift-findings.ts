import type { AttributeChange, DriftFinding } from "../model/drift.ts";
import { friendlySubject, friendlyValue } from "./drift-subject.ts";
import { paint, verdictMeanings, verdictSides, verdictStyles, verdictWords } from "./status-words.ts";
import { displayWidth, plain, wrap } from "./terminal-text.ts";

/** One finding in short lines: verdict and subject, what happened, each attribute, the command to type. */
export function findingLines(
  finding: DriftFinding,
  { width, colour, verbose }: { width: number; colour: boolean; verbose: boolean },
): string[] {
  const { verdict, subject, detail, reason, hint } = finding;
  const word = paint(verdictWords[verdict], verdictStyles[verdict], colour);
  const [name = "", ...more] = wrap(
    plain(friendlySubject(subject)),
    width - verdictWords[verdict].length - 2,
  );
  const indented = (text: string) => wrap(plain(text), width - 2).map((line) => `  ${line}`);
  const [before, after] = verdictSides[verdict];
  const sides = finding.changes.length === 0 ? "" : ` (${before} → ${after})`;
  return [
    `${word}  ${paint(name, "bold", colour)}`,
    ...more.map((line) => `  ${line}`),
    ...indented(`${detail === "" ? verdictMeanings[verdict] : detail}${sides}`),
    ...(reason === undefined ? [] : indented(`because: ${reason}`)),
    ...finding.changes.flatMap((change) => changeLines(change, width)),
    ...(verbose && subject !== friendlySubject(subject) ? [`  at ${plain(subject)}`] : []),
    ...(hint === undefined ? [] : [paint(`  try: ${plain(hint)}`, "cyan", colour)]),
  ];
}

/** `path: before → after` where that fits, else a line for each side. */
function changeLines({ path, before, after }: AttributeChange, width: number): string[] {
  const [name, old, now] = [plain(path), plain(friendlyValue(before)), plain(friendlyValue(after))];
  const line = `  ${name}: ${old} → ${now}`;
  if (displayWidth(line) <= width) return [line];
  const side = (first: string, text: string) =>
    wrap(text, width - 6).map((part, index) => `    ${index === 0 ? first : " "} ${part}`);
  return [...wrap(`${name}:`, width - 2).map((part) => `  ${part}`), ...side(" ", old), ...side("→", now)];
}
