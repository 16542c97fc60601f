import { stripVTControlCharacters } from "node:util";
import { eastAsianWidth } from "get-east-asian-width";
import { outgoing, spelled } from "../model/outgoing-text.ts";
import { redact } from "../model/redact.ts";

/**
 * Text from anywhere (a guest, an API) as one line that may be laid out: escape sequences are taken out, white space
 * becomes one blank, every other control or invisible character is spelled `\u009b`. Secrets go here already: in
 * a table a line may end in the middle of one.
 */
export function plain(text: string): string {
  return outgoing(stripVTControlCharacters(text).replace(/\s+/gu, " ").trim());
}

/** Stands for ESC [ until the text is on its way to the terminal; no text from outside has it after `plain`. */
export const styleMark = "\ufdd0";

const styling = new RegExp(`${styleMark}([\\d;]+m)`);

/**
 * The gate of stdout and stderr: whatever the text holds and wherever it is from, the only escape sequences that come out
 * are the colours of `paint`, and those only where colour is wanted. Secrets go.
 */
export function terminalText(text: string, colour: boolean): string {
  return redact(text)
    .split(styling)
    .map((part, index) => (index % 2 === 0 ? spelled(part) : colour ? `\u001b[${part}` : ""))
    .join("");
}

/** At most `limit` characters, the end replaced by an ellipsis. */
export function shorten(text: string, limit: number): string {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
}

let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): string[] {
  if (/^[\x20-\x7e]*$/.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

// What its first character does not say: letters of flags are wide, and U+FE0F asks for the picture.
const emoji = /^(?:\p{Regional_Indicator}|\p{Emoji}\p{M}*\ufe0f)/u;
const zeroWidth = /^[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]+$/u;

function graphemeWidth(grapheme: string): number {
  if (zeroWidth.test(grapheme)) return 0;
  return emoji.test(grapheme) ? 2 : eastAsianWidth(grapheme.codePointAt(0) ?? 0);
}

/** Columns the text takes in a terminal. */
export function displayWidth(text: string): number {
  return graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);
}

/** Lines of at most `width` columns, broken at blanks; a longer word is broken after `/ . , : ; = - _ ]` or anywhere. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((long) => breakWord(long, width))) {
    const joined = line === "" ? word.text : `${line}${word.glued ? "" : " "}${word.text}`;
    if (displayWidth(joined) <= width) {
      line = joined;
    } else {
      lines.push(line);
      line = word.text;
    }
  }
  lines.push(line);
  return lines;
}

interface Piece {
  text: string;
  /** It continues the piece before it without a blank. */
  glued: boolean;
}

function breakWord(word: string, width: number): Piece[] {
  if (displayWidth(word) <= width) return [{ text: word, glued: false }];
  const pieces: Piece[] = [];
  let piece = "";
  for (const grapheme of graphemes(word)) {
    if (piece !== "" && displayWidth(piece + grapheme) > width) {
      const cut = breakingPoint(piece);
      pieces.push({ text: piece.slice(0, cut), glued: pieces.length > 0 });
      piece = piece.slice(cut);
    }
    piece += grapheme;
  }
  pieces.push({ text: piece, glued: pieces.length > 0 });
  return pieces;
}

/** After the last separator of the piece's second half, or its end. */
function breakingPoint(piece: string): number {
  const separator = Math.max(...[..."/.,:;=-_]"].map((character) => piece.lastIndexOf(character)));
  return separator >= piece.length / 2 ? separator + 1 : piece.length;
}
