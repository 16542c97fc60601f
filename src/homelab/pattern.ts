import { glob, globFault } from "./glob.ts";

/** What can be selected: a guest of the inventory, a component of health. */
export interface Selectable {
  /** Its kind: `vm` */
  type: string;
  name: string;
}

/**
 * Whether a pattern means this one: its kind, its name, or a glob over its name. Capital and small letters are the
 * same.
 */
export function matches(pattern: string, { type, name }: Selectable): boolean {
  const wanted = pattern.toLowerCase();
  return wanted === type || glob(wanted)(name.toLowerCase());
}

/** Why a pattern cannot be read, or undefined where it can. */
export function patternFault(pattern: string): string | undefined {
  if (pattern === "") return "is empty";
  if (pattern.startsWith("-")) return "starts with a dash, as no name does";
  if (/\s/.test(pattern)) return "has a space in it; one kind, name or glob each";
  if (/[^\p{L}\p{N}._:*?[\]!^-]/u.test(pattern)) return "has a character that no name has";
  return globFault(pattern);
}

/** For a message about a pattern that cannot be read. */
export function brief(pattern: string): string {
  return pattern.length <= 60 ? pattern : `${pattern.slice(0, 59)}…`;
}
