import { type GuestState, notReadyReason, notRunningReason } from "../homelab/guest-state.ts";
import { type Check, isInside, type Outcome } from "./check.ts";
import { type Component, guestBehind } from "./component.ts";

/** Why a check is left out before it starts, or undefined where it is to be made. */
export function leftOut(
  check: Check,
  component: Component,
  state: GuestState | undefined,
): Outcome | undefined {
  const guest = guestBehind(component);
  if (!isInside(check) || guest === undefined) return undefined;
  const reason = notRunningReason(guest, state);
  return reason === undefined ? undefined : { status: "skipped", detail: told(component, reason) };
}

/** A reason that lies with the guest says so in the row of what runs on it. */
function told(component: Component, reason: string): string {
  return component.type === "service" ? `its guest ${component.host?.name}: ${reason}` : reason;
}

/** A check of one component and what it found out. */
export interface Answer {
  check: Check;
  outcome: Outcome;
}

/**
 * Puts the outcomes of one component's checks into context, so that one cause gives one message: a guest that
 * does not run is not also silent, and one that boots or is backed up has not failed.
 */
export function inContext<A extends Answer>(
  component: Component,
  answers: readonly A[],
  state: GuestState | undefined,
  bootGraceMs: number,
): A[] {
  const judged = answers.map((answer) => {
    const absent = leftOut(answer.check, component, state);
    return { ...answer, outcome: absent ?? patient(component, answer, state, bootGraceMs) };
  });
  const statusOf = (name: string | undefined) =>
    judged.find((answer) => answer.check.name === name)?.outcome.status;
  return judged.map((answer) => ({ ...answer, outcome: beside(answer, statusOf) }));
}

function beside(
  { check, outcome }: Answer,
  statusOf: (name: string | undefined) => Outcome["status"] | undefined,
): Outcome {
  const needed = statusOf(check.needs);
  if (outcome.status !== "skipped" && needed !== undefined && needed !== "ok" && needed !== "warn") {
    return { status: "skipped", detail: `${check.needs} is not ok` };
  }
  if (outcome.status === "fail" && statusOf(check.outweighedBy) === "ok") {
    return { ...outcome, status: "warn", detail: `${outcome.detail}, yet ${check.outweighedBy} works` };
  }
  return outcome;
}

// A key that changed does not change back when the guest has booted.
const lasting = new Set(["ssh-host-key-changed"]);

function patient(
  component: Component,
  { check, outcome }: Answer,
  state: GuestState | undefined,
  bootGraceMs: number,
): Outcome {
  if (!isInside(check) || outcome.status !== "fail" || lasting.has(outcome.code ?? "")) return outcome;
  const reason = notReadyReason(state, bootGraceMs);
  if (reason === undefined) return outcome;
  const { hint: _hint, ...rest } = outcome;
  return { ...rest, status: "pending", detail: `${told(component, reason)}: ${outcome.detail}` };
}
