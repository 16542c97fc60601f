import { jsonText } from "../model/json.ts";
import type { LockProof, LockRound } from "../state/lock-test.ts";
import type { StateStatus } from "../state/status.ts";

/** The document of `state status --json`. */
export function stateStatusJson(statuses: readonly StateStatus[]): string {
  const environments = statuses.map(({ environment, place, state, lock, locking, problem }) =>
    problem === undefined
      ? {
          environment,
          place,
          serial: state?.serial ?? null,
          lineage: state?.lineage ?? null,
          resources: state?.resources ?? null,
          locking,
          lock: lock ?? null,
        }
      : { environment, place, problem: { code: problem.code, message: problem.message, hint: problem.hint } },
  );
  return jsonText({ schema_version: 1, command: "state status", environments }, 2);
}

/** What a lock test found, a line per round and one that sums up. */
export function lockTestText(place: string, { rounds, failure }: LockProof): string {
  const lines = rounds.map((round, index) => `round ${index + 1}: ${roundText(round)}`);
  if (failure === undefined) return [...lines, `${place} excludes`].join("\n");
  return [
    ...lines,
    `${place} does NOT exclude: ${failure.message}`,
    "  keep no state there: two who apply at once would destroy it",
  ].join("\n");
}

function roundText({ contenders, winners, heldRefused, takenAgain }: LockRound): string {
  const parts = [`${contenders} asked at once, ${winners === 0 ? "none" : winners} got it`];
  if (heldRefused !== undefined) parts.push(`while held: ${heldRefused ? "refused" : "given away"}`);
  if (takenAgain !== undefined)
    parts.push(takenAgain ? "released, taken again" : "released, could not be taken again");
  return parts.join("; ");
}

export function stepsText(environment: string, steps: readonly string[]): string {
  return [`${environment}: what would be done`, ...steps.map((step) => `  ${step}`)].join("\n");
}

export function movedText([first = "", ...others]: readonly string[], keptAside: string | undefined): string {
  const aside =
    keptAside === undefined
      ? []
      : [`the former file is ${keptAside}; it holds secrets: remove it once you do not want it any more`];
  return [first, ...aside.map((line) => `  ${line}`), ...others.map((line) => `  ${line}`)].join("\n");
}
