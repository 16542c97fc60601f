import { isObject, type JsonObject } from "../model/json.ts";
import { type GuestEffect, guestEffects } from "../model/plan.ts";
import { type LeafChange, topLevelOf } from "../plan/leaf-paths.ts";
import { type Sides, sameToProvider, type UpdateEffect } from "./effects/rule.ts";
import type { UpdateRules } from "./effects/update-rules.ts";

export interface Forecast {
  effect: GuestEffect;
  /** Attribute paths. */
  causes: string[];
}

/** What an update in place does to a guest; undefined where it does not feel it, as one that does not run. */
export function updateEffect(
  type: UpdateRules,
  sides: Sides,
  leaves: readonly LeafChange[],
): Forecast | undefined {
  // What says nothing about running counts as running: better a word too many.
  const running = sides.before.started !== false && sides.before.template !== true;
  const found = [...Map.groupBy(leaves, ({ path }) => topLevelOf(path))].flatMap(([name, changed]) => {
    const effect = attributeEffect(type, name, sides, changed);
    return effect === undefined || (!running && effect !== "refused")
      ? []
      : { effect, causes: changed.map(({ path }) => path) };
  });
  const worst = guestEffects.find((effect) => found.some((one) => one.effect === effect));
  if (worst === undefined) return undefined;
  return { effect: worst, causes: found.flatMap(({ effect, causes }) => (effect === worst ? causes : [])) };
}

function attributeEffect(
  type: UpdateRules,
  name: string,
  sides: Sides,
  changed: readonly LeafChange[],
): GuestEffect | undefined {
  const uncertain = changed.every(({ unknown }) => unknown === true);
  if (!uncertain && sameToProvider(sides.before[name], sides.after[name])) return undefined;
  const rule = type.rules[name];
  if (rule === undefined) return type.otherwise === "none" ? undefined : "may-restart";
  // Of a value that is not known yet the rule cannot tell whether it changes at all.
  if (uncertain) return rule.effect === "none" ? undefined : "may-restart";
  const effect = typeof rule.effect === "string" ? rule.effect : rule.effect(sides);
  return toGuest(effect, sides.after);
}

function toGuest(effect: UpdateEffect, after: JsonObject): GuestEffect | undefined {
  const mayTurnOff = after.reboot_after_update !== false;
  switch (effect) {
    case "none":
      return undefined;
    case "power-cycle":
      return mayTurnOff ? "stop-start" : "after-reboot";
    case "impossible":
      return "refused";
    case "needs-off":
      return mayTurnOff ? "stop-start" : "refused";
    case "restart":
      if (!mayTurnOff) return "after-reboot";
      return hasAgent(after) ? "reboot" : "stop-start";
    default:
      return effect;
  }
}

function hasAgent({ agent }: JsonObject): boolean {
  const block = Array.isArray(agent) ? agent[0] : undefined;
  return isObject(block) && block.enabled === true;
}
