import { Problem } from "../../model/problem.ts";
import type { StateLock, TerraformRun } from "./types.ts";

/** A Problem `state-locked` that says by whom and since when, and how to remove a lock that a run has left behind. */
export function lockedProblem(run: TerraformRun, { who, since, operation, id }: StateLock): Problem {
  const unlock = `${run.tool} -chdir=${run.directory} force-unlock ${id === "" ? "LOCK_ID" : id}`;
  return new Problem({
    kind: "undetermined",
    code: "state-locked",
    message: `the state is locked by ${who} since ${since}${operation === "" ? "" : ` (${operation})`}`,
    place: run.directory,
    hint: `wait until it is done; if no run is under way any more: ${unlock}`,
  });
}

/** The lock that the tool describes where it could not take it; undefined where it does not say. */
export function lockIn(text: string): StateLock | undefined {
  const field = (name: string) => new RegExp(`^\\s*${name}:[ \\t]*(\\S.*)$`, "m").exec(text)?.[1]?.trim();
  const who = field("Who");
  if (who === undefined) return undefined;
  const since = field("Created") ?? "unknown";
  // As Go prints a time: 2026-11-20 11:12:03.731452 +0000 UTC
  const utc = /^(\S+) (\d\d:\d\d:\d\d)\S* \+0000/.exec(since);
  return {
    who,
    since: utc === null ? since : `${utc[1]}T${utc[2]}Z`,
    operation: field("Operation") ?? "",
    id: field("ID") ?? "",
  };
}
