import { isProblem, messageOf, type Problem } from "../model/problem.ts";
import type { Outcome } from "./check.ts";
import { type Component, isGuest } from "./component.ts";

/** The code of an answer that did not come in time. */
export const noAnswer = "no-answer";

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
  const silence = silences[error.code];
  return {
    status: guestsDoing.has(error.code) ? "fail" : "unknown",
    detail: silence === undefined ? error.message : `${silence} ${limit(where.timeoutMs)}`,
    code: silence === undefined ? error.code : noAnswer,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/** What a check is told that was cut off; only the API's own silence leaves the guest's state open. */
export function outcomeOfSilence(inside: boolean, timeoutMs: number): Outcome {
  return { status: inside ? "fail" : "unknown", code: noAnswer, detail: noAnswerWithin(timeoutMs) };
}

/** Whether a check waited in vain until its time was up. */
export function ranOut({ code }: Outcome): boolean {
  return code === noAnswer;
}

export function noAnswerWithin(timeoutMs: number): string {
  return `no answer ${limit(timeoutMs)}`;
}

/** The limit that was asked for, not what a client was left of it. */
function limit(timeoutMs: number): string {
  return `within ${Math.round(timeoutMs / 100) / 10} s`;
}

const silences: Record<string, string> = {
  "ssh-timeout": "no login",
  "ssh-silent": "logged in, and no answer",
  "proxmox-timeout": "no answer",
  "service-timeout": "no answer",
};

const guestsDoing = new Set([
  "ssh-host-key-changed",
  "ssh-denied",
  "ssh-refused",
  "ssh-timeout",
  "ssh-silent",
  "ssh-unreachable",
  "ssh-failed",
  "ssh-too-much",
  "ping-silent",
  "service-reply",
  "service-timeout",
  "service-tls",
  "service-unreachable",
]);

function hostKey(problem: Problem, { component, environment }: Circumstances): Outcome | undefined {
  const through = isGuest(component) && component.guest.type === "lxc" ? component.guest.node : undefined;
  const way =
    through === undefined ? "" : `; it is read through ${through}: ssh.nodes.${through} in pve-home.yaml`;
  const hint = `pve-home hosts trust --env ${environment} ${component.name}${way}`;
  if (problem.code === "ssh-host-key-changed") {
    return {
      status: "fail",
      detail: "its SSH host key is not the one on record: re-created, or another machine answers",
      code: problem.code,
      hint: `${hint}; if that says unchanged, another machine answers${placeOf(component)}`,
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

function placeOf(component: Component): string {
  const address = isGuest(component) ? component.guest.address : null;
  return address === null ? "" : ` at ${address}`;
}
