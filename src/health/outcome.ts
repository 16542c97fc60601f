import { isProblem, messageOf, type Problem } from "../model/problem.ts";
import type { Outcome } from "./check.ts";
import type { Component } from "./component.ts";

const noAnswer = "no-answer";

interface Circumstances {
  component: Component;
  environment: string;
  timeoutMs: number;
}

/**
 * What it means that a check was stopped by an error. The guest's own doing is `fail`; whatever kept us from
 * asking it is `unknown`, a bug of ours included, so that the other results still appear.
 */
export function outcomeOfError(error: unknown, where: Circumstances): Outcome {
  if (!isProblem(error)) {
    return {
      status: "unknown",
      code: "check-crashed",
      detail: `the check itself failed: ${messageOf(error)}`,
    };
  }
  const special = hostKey(error, where);
  if (special !== undefined) return special;
  // Which clock rings first, the client's or the runner's, is chance; the answer is the same.
  const silent = timeouts.has(error.code);
  return {
    status: guestsDoing.has(error.code) ? "fail" : "unknown",
    detail: silent ? noAnswerWithin(where.timeoutMs) : error.message,
    code: silent ? noAnswer : error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/** What a check is told that was cut off; only the API's own silence leaves the guest's state open. */
export function outcomeOfSilence(inside: boolean, timeoutMs: number): Outcome {
  return { status: inside ? "fail" : "unknown", code: noAnswer, detail: noAnswerWithin(timeoutMs) };
}

export function noAnswerWithin(timeoutMs: number): string {
  return `no answer within ${Math.round(timeoutMs / 100) / 10} s`;
}

const timeouts = new Set(["ssh-timeout", "proxmox-timeout"]);

const guestsDoing = new Set([
  "ssh-host-key-changed",
  "ssh-denied",
  "ssh-refused",
  "ssh-timeout",
  "ssh-unreachable",
  "ssh-failed",
  "ping-silent",
]);

function hostKey(problem: Problem, { component, environment }: Circumstances): Outcome | undefined {
  const hint = `pve-home hosts trust --env ${environment} ${component.name}`;
  if (problem.code === "ssh-host-key-changed") {
    return {
      status: "fail",
      detail: "its SSH host key is not the one on record: re-created, or another machine answers",
      code: problem.code,
      hint,
    };
  }
  if (problem.code === "ssh-host-key-unknown") {
    return {
      status: "unknown",
      detail: "its SSH host key has not been recorded yet",
      code: problem.code,
      hint,
    };
  }
  return undefined;
}
