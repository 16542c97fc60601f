import { Problem } from "../model/problem.ts";
import type { Log } from "../model/progress.ts";
import { brief, matches, patternFault, type Selectable } from "./pattern.ts";

/** An exclusion that outlives the guests it names, and where it is written: `exclusions.conf:3`. */
export interface LastingExclusion {
  pattern: string;
  place: string;
}

/** Which components or guests a command is for. Nothing named means all of them. */
export interface Selection {
  /** `--component`: a kind, a name or a glob. */
  components?: readonly string[];
  /** `--exclude`: the same. */
  exclusions?: readonly string[];
  /** From a file or a setting: one that matches nothing is only worth a warning. */
  lasting?: readonly LastingExclusion[];
}

interface SelectOptions {
  /** What all of them may be called by; an inventory need not have one of each. */
  kinds: readonly string[];
  /** Whether the components of all environments of the run are known. */
  everything: boolean;
  warn: Log;
}

/**
 * Prepares a selection for the known components of all environments of the run.
 * A `--component` or `--exclude` that means none of them is a Problem (`selection-matches-nothing`) naming what
 * there is; while an environment's inventory cannot be read it may be the one meant, and is warned of instead.
 */
export function select(
  selection: Selection,
  known: readonly Selectable[],
  options: SelectOptions,
): (one: Selectable) => boolean {
  const { components = [], exclusions = [], lasting = [] } = selection;
  for (const [flag, patterns] of [
    ["--component", components],
    ["--exclude", exclusions],
  ] as const) {
    for (const pattern of patterns) {
      const fault = patternFault(pattern);
      if (fault !== undefined) throw unreadable(flag, pattern, fault, options.kinds);
      if (known.some((component) => matches(pattern, component))) continue;
      if (options.everything) throw matchesNothing(flag, pattern, known, options.kinds);
      options.warn(`${flag} ${pattern} matches nothing in the inventories that could be read`);
    }
  }
  for (const { pattern, place } of lasting) {
    if (!known.some((component) => matches(pattern, component))) {
      options.warn(`${place}: the exclusion "${pattern}" matches nothing`);
    }
  }
  const excluded = [...exclusions, ...lasting.map((entry) => entry.pattern)];
  const selected = (component: Selectable) =>
    (components.length === 0 || components.some((pattern) => matches(pattern, component))) &&
    !excluded.some((pattern) => matches(pattern, component));
  if (options.everything && known.length > 0 && !known.some(selected)) throw nothingLeft(known);
  return selected;
}

function unreadable(flag: string, pattern: string, fault: string, kinds: readonly string[]): Problem {
  return new Problem({
    kind: "usage",
    code: "selection-unreadable",
    message: `${flag} "${brief(pattern)}" ${fault}`,
    hint: `a kind (${kinds.join(", ")}), a name or a glob: ${flag} 'web-*'; repeat the flag for several`,
  });
}

function matchesNothing(
  flag: string,
  pattern: string,
  known: readonly Selectable[],
  kinds: readonly string[],
): Problem {
  const message = kinds.includes(pattern.toLowerCase())
    ? `${flag} ${pattern}: nothing of that kind is declared`
    : `${flag} ${pattern} matches no kind and no name`;
  return new Problem({
    kind: "usage",
    code: "selection-matches-nothing",
    message: `${message}; ${whatThereIs(known)}`,
    hint: example(flag, known),
  });
}

function nothingLeft(known: readonly Selectable[]): Problem {
  return new Problem({
    kind: "usage",
    code: "selection-leaves-nothing",
    message: `the exclusions leave nothing to check; ${whatThereIs(known)}`,
    hint: "name fewer with --exclude, health.exclude or in the exclusions file",
  });
}

function example(flag: string, known: readonly Selectable[]): string {
  const [first] = known;
  return first === undefined
    ? "declare a guest first"
    : `for example: ${flag} ${first.type}, ${flag} ${first.name}`;
}

const shown = 20;

function whatThereIs(known: readonly Selectable[]): string {
  if (known.length === 0) return "nothing is declared";
  const types = [...new Set(known.map((component) => component.type))];
  const names = [...new Set(known.map((component) => component.name))];
  const rest = names.length > shown ? ` and ${names.length - shown} more` : "";
  return `there is ${types.join(", ")}: ${names.slice(0, shown).join(", ")}${rest}`;
}
