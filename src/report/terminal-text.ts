import { stripVTControlCharacters } from "node:util";
import { eastAsianWidth } from "get-east-asian-width";

/**
 * Text from anywhere (a guest, an API) as one line that a terminal shows and never obeys: escape sequences are
 * taken out, white space becomes one blank, every other control or invisible character is spelled `\u{9b}`.
 */
export function plain(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/[\p{Cc}\p{Cf}]/gu, (character) =>
      isJoiner(character) ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
    );
}

/** Zero-width joiner and non-joiner, which emoji and several scripts need. */
function isJoiner(character: string): boolean {
  return character === "\u200d" || character === "\u200c";
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
