import { type Component, kinds } from "../health/component.ts";
import { glob, globFault } from "./glob.ts";

/**
 * Whether `--component` or `--exclude` means this component: its kind, its name, or a glob over its name. Capital and
 * small letters are the same.
 */
export function matches(pattern: string, component: Component): boolean {
  const wanted = pattern.toLowerCase();
  if (wanted === component.type) return true;
  return glob(wanted)(component.name.toLowerCase());
}

export function isKind(pattern: string): boolean {
  return (kinds as readonly string[]).includes(pattern.toLowerCase());
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
