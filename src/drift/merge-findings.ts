import type { DriftFinding } from "../model/drift.ts";
import { isWithin } from "../plan/leaf-paths.ts";
import type { SourceFindings } from "./source.ts";

/**
 * Adds what a source found: to the finding of the same verdict about the same resource where there is one, else before
 * the others about it. What the source tells by another name stands there once.
 */
export function withFound(
  findings: readonly DriftFinding[],
  { findings: found, told = new Map() }: Pick<SourceFindings, "findings" | "told">,
): DriftFinding[] {
  const merged = [...findings];
  for (const finding of found) {
    const index = merged.findIndex(
      ({ verdict, subject }) => verdict === finding.verdict && subject === finding.subject,
    );
    const present = merged[index];
    if (present !== undefined && finding.verdict !== "noise") {
      merged[index] = both(present, finding, told.get(finding.subject) ?? []);
      continue;
    }
    const first = merged.findIndex(({ subject }) => subject === finding.subject);
    merged.splice(first < 0 ? merged.length : first, 0, finding);
  }
  return merged;
}

/** The hint of what was found comes first: what it says has to be done before the plan is applied. */
function both(one: DriftFinding, other: DriftFinding, told: readonly string[]): DriftFinding {
  const rest = one.changes.filter(({ path }) => !told.some((name) => path === name || isWithin(path, name)));
  if (rest.length === 0 && one.changes.length > 0) return other;
  const hints = [other.hint, one.hint].filter((hint) => hint !== undefined);
  return {
    ...one,
    changes: [...rest, ...other.changes],
    detail: `${one.detail}; ${other.detail}`,
    ...(hints.length === 0 ? {} : { hint: hints.join("; then, for the rest: ") }),
  };
}
