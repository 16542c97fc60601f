import type { DriftFinding } from "../model/drift.ts";

/**
 * Adds what a source found: to the finding of the same verdict about the same resource where there is one, else before
 * the others about it.
 */
export function withFound(findings: readonly DriftFinding[], found: readonly DriftFinding[]): DriftFinding[] {
  const merged = [...findings];
  for (const finding of found) {
    const index = merged.findIndex(
      ({ verdict, subject }) => verdict === finding.verdict && subject === finding.subject,
    );
    const present = merged[index];
    if (present !== undefined && finding.verdict !== "noise") {
      merged[index] = both(present, finding);
      continue;
    }
    const first = merged.findIndex(({ subject }) => subject === finding.subject);
    merged.splice(first < 0 ? merged.length : first, 0, finding);
  }
  return merged;
}

function both(one: DriftFinding, other: DriftFinding): DriftFinding {
  const hints = [other.hint, one.hint].filter((hint) => hint !== undefined);
  return {
    ...one,
    changes: [...one.changes, ...other.changes],
    detail: `${one.detail}; ${other.detail}`,
    ...(hints.length === 0 ? {} : { hint: hints.join("; ") }),
  };
}
