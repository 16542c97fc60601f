import { type Component, kinds } from "../health/component.ts";
import { Problem } from "../model/problem.ts";
import { brief, isKind, matches, patternFault } from "./pattern.ts";

/** An exclusion that outlives the guests it names, and where it is written: `exclusions.conf:3`. */
export interface LastingExclusion {
  pattern: string;
  place: string;
}

/** What to check. Nothing named means everything. */
export interface Selection {
  /** `--component`: a kind, a name or a glob. */
  components?: readonly string[];
  /** `--exclude`: the same. */
  exclusions?: readonly string[];
  /** From a file or a setting: one that matches nothing is only worth a warning. */
  lasting?: readonly LastingExclusion[];
}

/** Whether a component is to be checked. */
export type Selected = (component: Component) => boolean;

/**
 * Prepares a selection for the components of all environments of the run, which `everything` says are known.
 * A `--component` or `--exclude` that means none of them is a Problem (`selection-matches-nothing`) naming what
 * there is; while an environment's inventory cannot be read it may be the one meant, and is warned of instead.
 */
export function select(
  selection: Selection,
  known: readonly Component[],
  options: { everything: boolean; warn: (line: string) => void },
): Selected {
  const { components = [], exclusions = [], lasting = [] } = selection;
  for (const [flag, patterns] of [
    ["--component", components],
    ["--exclude", exclusions],
  ] as const) {
    for (const pattern of patterns) {
      const fault = patternFault(pattern);
      if (fault !== undefined) throw unreadable(flag, pattern, fault);
      if (known.some((component) => matches(pattern, component))) continue;
      if (options.everything) throw matchesNothing(flag, pattern, known);
      options.warn(`${flag} ${pattern} matches nothing in the inventories that could be read`);
    }
  }
  for (const { pattern, place } of lasting) {
    if (!known.some((component) => matches(pattern, component))) {
      options.warn(`${place}: the exclusion "${pattern}" matches nothing`);
    }
  }
  const excluded = [...exclusions, ...lasting.map((entry) => entry.pattern)];
  const selected: Selected = (component) =>
    (components.length === 0 || components.some((pattern) => matches(pattern, component))) &&
    !excluded.some((pattern) => matches(pattern, component));
  if (options.everything && known.length > 0 && !known.some(selected)) throw nothingLeft(known);
  return selected;
}

function unreadable(flag: string, pattern: string, fault: string): Problem {
  return new Problem({
    kind: "usage",
    code: "selection-unreadable",
    message: `${flag} "${brief(pattern)}" ${fault}`,
    hint: `a kind (${kinds.join(", ")}), a name or a glob: ${flag} 'web-*'; repeat the flag for several`,
  });
}

function matchesNothing(flag: string, pattern: string, known: readonly Component[]): Problem {
  const message = isKind(pattern)
    ? `${flag} ${pattern}: nothing of that kind is declared`
    : `${flag} ${pattern} matches no kind and no name`;
  return new Problem({
    kind: "usage",
    code: "selection-matches-nothing",
    message: `${message}; ${whatThereIs(known)}`,
    hint: example(flag, known),
  });
}

function nothingLeft(known: readonly Component[]): Problem {
  return new Problem({
    kind: "usage",
    code: "selection-leaves-nothing",
    message: `the exclusions leave nothing to check; ${whatThereIs(known)}`,
    hint: "name fewer with --exclude, health.exclude or in the exclusions file",
  });
}

function example(flag: string, known: readonly Component[]): string {
  const [first] = known;
  return first === undefined
    ? "declare a guest first"
    : `for example: ${flag} ${first.type}, ${flag} ${first.name}`;
}

const shown = 20;

function whatThereIs(known: readonly Component[]): string {
  if (known.length === 0) return "nothing is declared";
  const types = [...new Set(known.map((component) => component.type))];
  const names = [...new Set(known.map((component) => component.name))];
  const rest = names.length > shown ? ` and ${names.length - shown} more` : "";
  return `there is ${types.join(", ")}: ${names.slice(0, shown).join(", ")}${rest}`;
}
