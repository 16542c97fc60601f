import type { AttributeChange } from "../model/drift.ts";
import { configuredAttributes } from "./configured.ts";
import { effectOf } from "./effect.ts";
import type { Judgement } from "./judgement.ts";
import { changedLeaves, isWithin, type LeafChange } from "./leaf-paths.ts";
import type { Plan, ResourceChange } from "./plan-json.ts";

export interface Verdicts {
  judgements: Judgement[];
  /** Addresses where the state lags behind: something changed outside, and applying would change nothing about it. */
  lagging: string[];
  /** Addresses that a `moved` block renamed, which the state does not know yet. */
  moved: string[];
}

/**
 * Judges every resource of a plan by the leaves that were found changed (D: `resource_drift`) and those that applying
 * would change (C: `resource_changes`): `outside` is D ∩ C, `pending` is C ∖ D, and D ∖ C is no drift, because what
 * was done by hand is what the code says. Outputs and `terraform_data` say nothing about Proxmox.
 */
export function verdictsOf(plan: Plan): Verdicts {
  const given = configuredAttributes(plan.configuration);
  const drift = new Map(plan.drift.map((change) => [keyOf(change), change]));
  const verdicts: Verdicts = { judgements: [], lagging: [], moved: [] };
  for (const change of plan.changes) {
    if (change.type === "terraform_data") continue;
    const found = drift.get(keyOf(change));
    drift.delete(keyOf(change));
    if (change.action === "no-op" && change.importing === undefined) {
      if (change.previousAddress !== undefined) verdicts.moved.push(change.address);
      if (found !== undefined) verdicts.lagging.push(change.address);
      continue;
    }
    verdicts.judgements.push(...judge(change, found, (path) => given(change.address, path)));
  }
  for (const change of drift.values()) {
    if (change.type !== "terraform_data") verdicts.lagging.push(change.address);
  }
  return verdicts;
}

function judge(
  change: ResourceChange,
  drift: ResourceChange | undefined,
  given: (path: string) => boolean,
): Judgement[] {
  const { address, type, action } = change;
  if (action === "create" && drift?.action === "delete") {
    return [{ verdict: "deleted", address, type, changes: [], effect: { kind: "create" } }];
  }
  const effect = effectOf(change);
  if (action !== "update" && action !== "replace") {
    return effect === undefined ? [] : [{ verdict: "pending", address, type, changes: [], effect }];
  }
  // An attribute the provider computes is unknown because something else changes: that is what is told.
  const planned = changedLeaves(change.sides).filter((leaf) => leaf.unknown !== true || given(leaf.path));
  const found = drift === undefined ? [] : changedLeaves(drift.sides);
  const { outside, pending } = divide(planned, found);
  const judgements: Judgement[] = [];
  if (outside.length > 0) judgements.push({ verdict: "outside", address, type, changes: outside });
  if (pending.length > 0) judgements.push({ verdict: "pending", address, type, changes: pending });
  if (effect === undefined) return judgements;
  // Whatever leads to a replacement, it is never left out: at worst it is told without attributes.
  const [cause] = judgements.filter(({ changes }) => changes.some(({ path }) => forces(change, path)));
  const carrier = cause ?? judgements.at(-1);
  if (carrier === undefined) return [{ verdict: "pending", address, type, changes: [], effect }];
  carrier.effect = effect;
  return judgements;
}

/** C ∩ D and C ∖ D. A leaf on one side may be a block on the other that holds it. */
function divide(
  planned: LeafChange[],
  found: LeafChange[],
): { outside: AttributeChange[]; pending: AttributeChange[] } {
  const outside: AttributeChange[] = [];
  const pending: AttributeChange[] = [];
  for (const leaf of planned) {
    const inside = found.filter(({ path }) => isWithin(path, leaf.path));
    if (found.some(({ path }) => path === leaf.path || isWithin(leaf.path, path))) {
      outside.push(turned(leaf));
    } else if (inside.length > 0 && leaf.after === undefined) {
      // The code drops a block in which something was changed by hand.
      pending.push(plain(leaf));
      outside.push(...inside.map(({ path, after }) => (after === undefined ? { path } : { path, after })));
    } else if (inside.length > 0) {
      outside.push(turned(leaf));
    } else {
      pending.push(plain(leaf));
    }
  }
  return { outside, pending };
}

/** What the code says comes first, then what was found. */
function turned({ path, before, after }: LeafChange): AttributeChange {
  return plain({
    path,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  });
}

function plain({ path, before, after }: LeafChange): AttributeChange {
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function forces(change: ResourceChange, path: string): boolean {
  return change.replacePaths.some(
    (forcing) => forcing === path || isWithin(forcing, path) || isWithin(path, forcing),
  );
}

function keyOf({ address, deposed }: ResourceChange): string {
  return `${address} ${deposed ?? ""}`;
}
