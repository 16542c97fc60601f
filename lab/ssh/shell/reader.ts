import type { List } from "./syntax.ts";

/** A place in shell text. */
export interface Reader {
  text: string;
  at: number;
  /** Reads the commands of `$(…)` up to its end and past it. */
  substitution(): List;
}

/** Thrown where the text ends too early; a string is thrown where it is wrong. */
export const incomplete = Symbol("incomplete");

export const operatorCharacters = " \t\n;&|()<>";

/** Skips blanks and comments, and with `lines` also ends of lines. */
export function skipSpace(reader: Reader, lines: boolean): void {
  for (;;) {
    const next = reader.text[reader.at];
    if (next === " " || next === "\t" || (lines && (next === "\n" || next === "\r"))) reader.at += 1;
    else if (next === "\\" && reader.text[reader.at + 1] === "\n") reader.at += 2;
    else if (
      next === "#" &&
      (reader.at === 0 || operatorCharacters.includes(reader.text[reader.at - 1] ?? ""))
    )
      while (reader.at < reader.text.length && reader.text[reader.at] !== "\n") reader.at += 1;
    else return;
  }
}

export function take(reader: Reader, text: string): boolean {
  if (!reader.text.startsWith(text, reader.at)) return false;
  reader.at += text.length;
  return true;
}

export function unexpected(reader: Reader): string {
  const next = reader.text[reader.at];
  return next === undefined ? "end of file unexpected" : `"${next === "\n" ? "newline" : next}" unexpected`;
}
