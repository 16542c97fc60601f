import type { ProblemKind } from "../model/problem.ts";
import type { Status } from "../model/status.ts";

/** What the program's exit codes mean; README.md says the same. */
export const exitCodes = {
  ok: 0,
  found: 1,
  usage: 2,
  undetermined: 3,
  declined: 4,
  bug: 70,
} as const;

export function exitCodeOfProblem(kind: ProblemKind): number {
  return {
    usage: exitCodes.usage,
    configuration: exitCodes.usage,
    undetermined: exitCodes.undetermined,
    declined: exitCodes.declined,
    bug: exitCodes.bug,
  }[kind];
}

/** Something found outranks something that could not be determined. */
export function exitCodeOfFindings(seen: { found: boolean; undetermined: boolean }): number {
  if (seen.found) return exitCodes.found;
  return seen.undetermined ? exitCodes.undetermined : exitCodes.ok;
}

export function exitCodeOfStatuses(statuses: readonly Status[]): number {
  return exitCodeOfFindings({
    found: statuses.includes("fail"),
    undetermined: statuses.includes("unknown"),
  });
}
