// The one dialect of patterns, for names of guests and addresses of resources. Matched by hand: as a regular
// expression, `*a*a*a*b` takes minutes.

/** In characters. */
export const longestPattern = 500;

/** Whether one character fits, or `*`. */
type Part = ((character: string) => boolean) | "any text";

/**
 * A test for whole texts: `*` is any text, `?` one character, `[a-c]` one of several, `[!a-c]` one of the others. With
 * `brackets: "literal"` brackets stand for themselves, as in `this["web"].disk[0]`.
 */
export function glob(pattern: string, options: { brackets?: "literal" } = {}): (text: string) => boolean {
  const tokens = options.brackets === "literal" ? [...pattern] : tokensOf(pattern);
  const parts = tokens.map(partOf);
  return (text) => fits(parts, [...text]);
}

/** Why a pattern cannot be read, or undefined where it can. */
export function globFault(pattern: string): string | undefined {
  if (pattern.length > longestPattern) return `is longer than ${longestPattern} characters`;
  const tokens = tokensOf(pattern);
  if (tokens.some((token) => token === "[" || token === "]"))
    return 'has a "[" without its "]", or nothing between';
  const ranges = tokens.filter((token) => token.length > 1).flatMap((token) => setOf(token).ranges);
  return ranges.some(([first, last]) => first > last) ? "has a range that cannot be read" : undefined;
}

function tokensOf(pattern: string): string[] {
  return pattern.match(/\[[^[\]]+\]|./gsu) ?? [];
}

function partOf(token: string): Part {
  if (token === "*") return "any text";
  if (token === "?") return () => true;
  if (!/^\[.+\]$/su.test(token)) return (character) => character === token;
  const { negated, ranges } = setOf(token);
  return (character) => ranges.some(([first, last]) => first <= character && character <= last) !== negated;
}

function setOf(token: string): { negated: boolean; ranges: [first: string, last: string][] } {
  const negated = /^\[[!^]./su.test(token) && token.length > 3;
  const characters = [...token.slice(negated ? 2 : 1, -1)];
  const ranges: [string, string][] = [];
  for (let index = 0; index < characters.length; index += 1) {
    const first = characters[index] ?? "";
    const last = characters[index + 1] === "-" ? characters[index + 2] : undefined;
    ranges.push([first, last ?? first]);
    if (last !== undefined) index += 2;
  }
  return { negated, ranges };
}

/** Only the last `*` has to be tried again: what an earlier one took less of, this one can take. */
function fits(parts: readonly Part[], characters: readonly string[]): boolean {
  let part = 0;
  let star = -1;
  let resume = 0;
  for (let at = 0; at < characters.length; ) {
    const here = parts[part];
    if (here === "any text") {
      star = part;
      resume = at;
      part += 1;
    } else if (here?.(characters[at] ?? "")) {
      part += 1;
      at += 1;
    } else if (star >= 0) {
      part = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  return parts.slice(part).every((rest) => rest === "any text");
}
