import { type Component, kinds } from "./component.ts";

/**
 * Whether `--component` or `--exclude` means this component: its kind, its name, or a glob over its name, in
 * which `*` is any text, `?` one character and `[a-c]` one of several. Capital and small letters are the same.
 */
export function matches(pattern: string, component: Component): boolean {
  const wanted = pattern.toLowerCase();
  if (wanted === component.type) return true;
  return globToRegExp(wanted).test(component.name.toLowerCase());
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
  const brackets = pattern.match(/\[[!^]?[^[\]]+\]|[[\]]/g) ?? [];
  if (brackets.some((found) => found.length === 1)) return 'has a "[" without its "]", or nothing between';
  try {
    globToRegExp(pattern);
    return undefined;
  } catch {
    return "has a range that cannot be read";
  }
}

function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/\[[^[\]]+\]|[*?.^$]/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    return part.length > 1 ? `[${part.slice(1, -1).replace(/^!/, "^")}]` : `\\${part}`;
  });
  return new RegExp(`^${source}$`, "u");
}
