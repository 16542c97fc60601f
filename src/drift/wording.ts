import type { DriftFinding } from "../model/drift.ts";
import type { Judgement } from "./judgement.ts";

/** A judgement in words; `apply` is the command that carries the code out. */
export function findingOf(judgement: Judgement, apply: string): DriftFinding {
  const { verdict, address, changes } = judgement;
  return { verdict, subject: address, changes, detail: detailOf(judgement), hint: hintOf(judgement, apply) };
}

/** What is so, in one line; which attributes it is about is said by the finding's `changes`. */
export function detailOf({ verdict, effect }: Judgement): string {
  if (verdict === "deleted") return "declared and applied, but gone from Proxmox";
  if (verdict === "outside") {
    return effect?.kind === "replace"
      ? `changed by hand; undoing it replaces the resource: ${effect.why}`
      : "changed by hand";
  }
  switch (effect?.kind) {
    case undefined:
      return "not applied yet";
    case "create":
      return "declared in the code, not created yet";
    case "delete":
      return `to be deleted, still there: ${effect.why}`;
    case "forget":
      return "to be left to itself: it stays on Proxmox, and Terraform forgets it";
    case "adopt":
      return `to be adopted${effect.id === "" ? "" : ` as ${effect.id}`}, not done yet`;
    case "replace":
      return `to be replaced, because ${effect.why}`;
  }
}

function hintOf({ verdict, effect }: Judgement, apply: string): string {
  if (verdict === "deleted")
    return `re-create it: ${apply}; or restore it from a backup; or take it out of the code`;
  if (verdict === "outside") return `to keep it, write it into the code; to undo it: ${apply}`;
  return effect?.kind === "replace"
    ? `read what it replaces before you say yes: ${apply}`
    : `carry it out: ${apply}`;
}
