import { isObject, type JsonObject } from "../model/json.ts";
import type { GuestForecast } from "../model/plan.ts";
import { configuredAttributes } from "../plan/configured.ts";
import { fatesOf, mayTake } from "../plan/device-fate.ts";
import { appliedValues, placeOf, type ReadConfig } from "../plan/guest-place.ts";
import { topLevelOf } from "../plan/leaf-paths.ts";
import type { Plan, ResourceChange } from "../plan/plan-json.ts";
import { type Device, type GuestConfig, undeclaredDevices } from "../plan/undeclared.ts";
import { guestOf, reasonPart } from "./guest-of.ts";

/**
 * The guests that would lose a device that was never declared: attached by hand, or brought by a template; `refused`
 * where no token may remove it. Asks for the configuration of those alone that a change could take something from.
 * Throws a Problem where one cannot be read.
 */
export function deviceLosses(plan: Plan, readConfig: ReadConfig): Promise<GuestForecast[]> {
  const given = configuredAttributes(plan.configuration);
  const asked = plan.changes.map(async (change): Promise<GuestForecast[]> => {
    const sides = sidesOf(change, plan);
    const place = placeOf(change.type, sides.found);
    const fateOf = fatesOf(change, given);
    if (place === undefined || !mayTake(change, fateOf)) return [];
    const config = await readConfig(place);
    const devices = lostDevices(change, sides, config).filter(({ block }) => fateOf(block) !== undefined);
    const inPlace = change.action === "update";
    const refused = devices.filter(({ rootOnly }) => inPlace && rootOnly);
    const lost = devices.filter((device) => !refused.includes(device));
    const causes = inPlace
      ? lost.flatMap(({ block }) => block.block ?? [])
      : change.replacePaths.map(topLevelOf);
    const guest = {
      address: change.address,
      kind: place.type,
      node: place.node,
      ...guestOf(sides.found, sides.wanted, change.address),
    };
    return [
      ...some(lost, {
        ...guest,
        effect: "loses-device",
        causes: [...new Set(causes)],
        ...reasonPart(change),
        fate: inPlace ? "detached" : "destroyed",
      }),
      ...some(refused, { ...guest, effect: "refused", causes: refused.map(({ key }) => key) }),
    ];
  });
  return Promise.all(asked).then((found) => found.flat());
}

function some(devices: readonly Device[], forecast: GuestForecast): GuestForecast[] {
  if (devices.length === 0) return [];
  return [{ ...forecast, devices: devices.map(({ key, value }) => ({ key, value })) }];
}

interface ThreeSides {
  /** As it was last applied; without anything where Terraform is about to adopt the guest. */
  applied: JsonObject;
  found: JsonObject;
  wanted: JsonObject;
}

function sidesOf(change: ResourceChange, plan: Plan): ThreeSides {
  const found = objectOf(change.sides.before);
  const applied = change.importing === undefined ? appliedValues(plan, change.address, found) : {};
  return { applied, found, wanted: objectOf(change.sides.after) };
}

function lostDevices(
  { action, type }: ResourceChange,
  { applied, wanted }: ThreeSides,
  config: GuestConfig,
): Device[] {
  // What the code has by now does not keep a volume from being destroyed with its guest.
  if (action !== "update") return undeclaredDevices(type, config, [applied]);
  const bootOrder = Array.isArray(wanted.boot_order) ? wanted.boot_order : [];
  // These the provider refuses to remove (vm.go:6517).
  return undeclaredDevices(type, config, [applied, wanted]).filter(({ key }) => !bootOrder.includes(key));
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
