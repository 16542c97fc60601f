import { isObject, type JsonObject } from "../model/json.ts";
import { type GuestForecast, guestEffects } from "../model/plan.ts";
import { configuredAttributes } from "../plan/configured.ts";
import { guestKindOf, isGuestType } from "../plan/guest-types.ts";
import { type Given, isOwn, plannedLeaves } from "../plan/own-leaves.ts";
import type { Plan, ResourceChange } from "../plan/plan-json.ts";
import { updateRules } from "./effects/update-rules.ts";
import { guestOf, reasonPart } from "./guest-of.ts";
import { highAvailabilityForecast } from "./high-availability.ts";
import { type Forecast, updateEffect } from "./update-effect.ts";

/**
 * Every guest that a plan stops, restarts, replaces or otherwise touches while it runs, worst first: also where
 * Terraform says "update in-place", because the provider turns guests off for most of what it changes (bpg#2902).
 */
export function forecastOf(plan: Plan): GuestForecast[] {
  const given = configuredAttributes(plan.configuration);
  const found = plan.changes.flatMap(
    (change) => guestForecast(change, given) ?? highAvailabilityForecast(change, plan) ?? [],
  );
  return worstFirst(found);
}

export function worstFirst(forecast: readonly GuestForecast[]): GuestForecast[] {
  return forecast.toSorted((a, b) => guestEffects.indexOf(a.effect) - guestEffects.indexOf(b.effect));
}

function guestForecast(change: ResourceChange, given: Given): GuestForecast | undefined {
  const { type } = change;
  if (!isGuestType(type)) return undefined;
  const rules = updateRules[type];
  const before = objectOf(change.sides.before);
  const after = objectOf(change.sides.after);
  const forecast = whole(change, before) ?? inPlace();
  if (forecast === undefined) return undefined;
  return {
    address: change.address,
    kind: guestKindOf(type),
    ...guestOf(before, after, change.address),
    ...forecast,
    ...reasonPart(change),
  };

  function inPlace(): Forecast | undefined {
    if (change.action !== "update") return undefined;
    const leaves = plannedLeaves(change).filter((leaf) => isOwn(change, leaf, given));
    return updateEffect(rules, { before, after }, leaves);
  }
}

/** A template does not run: nothing is interrupted. */
function whole(change: ResourceChange, before: JsonObject): Forecast | undefined {
  if (before.template === true) return undefined;
  if (change.action === "delete") return { effect: "destroyed", causes: [] };
  return change.action === "replace" ? { effect: "replaced", causes: change.replacePaths } : undefined;
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
