import type { AttributeChange, DriftFinding, JsonValue } from "../model/drift.ts";
import type { Judgement } from "./judgement.ts";

const shownChanges = 3;
const shownCharacters = 60;

/** A judgement in words; `apply` is the command that carries the code out. */
export function findingOf(judgement: Judgement, apply: string): DriftFinding {
  const { verdict, address, changes } = judgement;
  return { verdict, subject: address, changes, detail: detailOf(judgement), hint: hintOf(judgement, apply) };
}

export function detailOf({ verdict, changes, effect }: Judgement): string {
  if (verdict === "deleted") return "declared and applied, but gone from Proxmox";
  if (verdict === "outside") {
    const what = `changed outside: ${listed(changes, outsideText)}`;
    return effect?.kind === "replace" ? `${what}; undoing it replaces the resource: ${effect.why}` : what;
  }
  const what = changes.length === 0 ? "" : `: ${listed(changes, pendingText)}`;
  switch (effect?.kind) {
    case undefined:
      return `not applied yet${what}`;
    case "create":
      return "declared in the code, not created yet";
    case "delete":
      return `to be deleted, still there: ${effect.why}`;
    case "forget":
      return "to be left to itself: it stays on Proxmox, and Terraform forgets it";
    case "adopt":
      return `to be adopted${effect.id === "" ? "" : ` as ${effect.id}`}, not done yet${what}`;
    case "replace":
      return `to be replaced, because ${effect.why}${what}`;
  }
}

function hintOf({ verdict, effect }: Judgement, apply: string): string {
  if (verdict === "deleted")
    return `create it anew: ${apply}; or restore it from a backup; or take it out of the code`;
  if (verdict === "outside") return `to keep it, write it into the code; to undo it: ${apply}`;
  return effect?.kind === "replace"
    ? `read what it replaces before you say yes: ${apply}`
    : `carry it out: ${apply}`;
}

function listed(changes: readonly AttributeChange[], text: (change: AttributeChange) => string): string {
  const more = changes.length - shownChanges;
  return `${changes.slice(0, shownChanges).map(text).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function outsideText({ path, before, after }: AttributeChange): string {
  return `${path} is ${valueText(after)}, the code says ${valueText(before)}`;
}

function pendingText({ path, before, after }: AttributeChange): string {
  return `${path} ${valueText(before)} → ${valueText(after)}`;
}

/** A value in one short line. */
function valueText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "not set";
  if (typeof value === "string" && /^\(.*\)$/.test(value)) return value;
  const text = JSON.stringify(value);
  return text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters - 1)}…`;
}
