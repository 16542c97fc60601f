import type { AttributeChange } from "../model/drift.ts";
import { configuredAttributes } from "../plan/configured.ts";
import { effectOf, isUnfinished } from "../plan/effect.ts";
import { changedLeaves, isRelated, isWithin, type LeafChange, topLevelOf } from "../plan/leaf-paths.ts";
import { forces, isOwn, plannedLeaves } from "../plan/own-leaves.ts";
import type { Plan, ResourceChange } from "../plan/plan-json.ts";
import { isRenewal } from "../plan/renewal.ts";
import { alongWithGuest } from "./along-with-guest.ts";
import type { Judgement } from "./judgement.ts";

export interface Verdicts {
  judgements: Judgement[];
  /** D ∖ C: what the state does not know yet, and applying would not change. */
  lagging: { address: string; attributes: string[] }[];
  /** Addresses that a `moved` block renamed, which the state does not know yet. */
  moved: string[];
}

/**
 * Judges every resource of a plan by the leaves that were found changed (D: `resource_drift`) and those that applying
 * would change (C: `resource_changes`): `outside` is D ∩ C, `pending` is C ∖ D, and D ∖ C is no drift, because what
 * was done by hand is what the code says, or nothing the code says anything about. Outputs are no drift.
 */
export function verdictsOf(plan: Plan): Verdicts {
  const given = configuredAttributes(plan.configuration);
  const goesAlong = alongWithGuest(plan);
  const drift = new Map(plan.drift.map((change) => [keyOf(change), change]));
  const verdicts: Verdicts = { judgements: [], lagging: [], moved: [] };
  for (const change of plan.changes) {
    const found = drift.get(keyOf(change));
    drift.delete(keyOf(change));
    if (goesAlong(change)) continue;
    const { address, action } = change;
    const planned = plannedLeaves(change);
    const own = planned.filter((leaf) => isOwn(change, leaf, given));
    const differing = found?.action === "update" ? foundLeaves(found) : [];
    // What an apply has left half done differs from its state without any hand.
    const byHand = isUnfinished(change) ? [] : differing;
    if (found?.action === "delete" && action === "create") verdicts.judgements.push(deleted(change));
    else verdicts.judgements.push(...judge(change, own, byHand));
    if (action === "no-op" && change.previousAddress !== undefined) verdicts.moved.push(address);
    if (action !== "delete") addLagging(verdicts, address, differing, planned);
  }
  for (const found of drift.values()) {
    if (found.action === "update") addLagging(verdicts, found.address, foundLeaves(found), []);
  }
  return verdicts;
}

/** D, without what time changes and no hand. */
function foundLeaves({ type, sides }: ResourceChange): LeafChange[] {
  return changedLeaves(sides).filter(({ path }) => !isRenewal(type, path));
}

function deleted({ address, type }: ResourceChange): Judgement {
  return { verdict: "deleted", address, type, changes: [], effect: { kind: "create" } };
}

function addLagging(verdicts: Verdicts, address: string, found: LeafChange[], planned: LeafChange[]): void {
  const rest = found.filter(({ path }) => !planned.some((leaf) => isRelated(leaf.path, path)));
  const attributes = [...new Set(rest.map(({ path }) => topLevelOf(path)))];
  if (attributes.length > 0) verdicts.lagging.push({ address, attributes });
}

function judge(change: ResourceChange, planned: LeafChange[], found: LeafChange[]): Judgement[] {
  const { address, type } = change;
  const effect = effectOf(change);
  const { outside, pending } = divide(planned, found);
  const judgements: Judgement[] = [];
  if (outside.length > 0) judgements.push({ verdict: "outside", address, type, changes: outside });
  if (pending.length > 0) judgements.push({ verdict: "pending", address, type, changes: pending });
  if (effect === undefined) return judgements;
  // Whatever leads to a replacement, it is never left out: at worst it is reported without attributes.
  const forced = judgements.filter(({ changes }) => changes.some(({ path }) => forces(change, path)));
  const carrier = forced[0] ?? judgements.at(-1);
  if (carrier === undefined) return [{ verdict: "pending", address, type, changes: [], effect }];
  carrier.effect = effect;
  carrier.changes.sort((a, b) => Number(forces(change, b.path)) - Number(forces(change, a.path)));
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

function keyOf({ address, deposed }: ResourceChange): string {
  return `${address} ${deposed ?? ""}`;
}
