import { isObject, type JsonObject } from "../model/json.ts";
import type { GuestForecast } from "../model/plan.ts";
import { configuredAttributes } from "../plan/configured.ts";
import { deviceBlocksOf } from "../plan/device-blocks.ts";
import { appliedValues, placeOf, type ReadConfig } from "../plan/guest-place.ts";
import { topLevelOf } from "../plan/leaf-paths.ts";
import { type Given, isOwn, plannedLeaves } from "../plan/own-leaves.ts";
import type { Plan, ResourceChange } from "../plan/plan-json.ts";
import { type Device, type GuestConfig, undeclaredDevices } from "../plan/undeclared.ts";
import { guestOf, reasonPart } from "./guest-of.ts";

/**
 * The guests that would lose a device that was never declared: attached by hand, or brought by a template. Asks for the
 * configuration of those alone that a change could take something from. Throws a Problem where one cannot be read.
 */
export function deviceLosses(plan: Plan, readConfig: ReadConfig): Promise<GuestForecast[]> {
  const given = configuredAttributes(plan.configuration);
  const asked = plan.changes.map(async (change): Promise<GuestForecast[]> => {
    const sides = sidesOf(change, plan);
    const place = placeOf(change.type, sides.found);
    const changed = changedBlocks(change, given);
    if (place === undefined || !mayRemove(change, changed)) return [];
    const config = await readConfig(place);
    const lost = lostDevices(change, sides, changed, config);
    if (lost.length === 0) return [];
    const causes =
      change.action === "update"
        ? lost.flatMap(({ block }) => block.block ?? [])
        : change.replacePaths.map(topLevelOf);
    return [
      {
        address: change.address,
        kind: place.type,
        ...guestOf(sides.found, sides.wanted, change.address),
        effect: "loses-device",
        causes: [...new Set(causes)],
        ...reasonPart(change),
        devices: lost.map(({ key, value }) => ({ key, value })),
        fate: change.action === "update" ? "detached" : "destroyed",
      },
    ];
  });
  return Promise.all(asked).then((found) => found.flat());
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

function changedBlocks(change: ResourceChange, given: Given): ReadonlySet<string> {
  const own = plannedLeaves(change).filter((leaf) => isOwn(change, leaf, given));
  return new Set(own.map(({ path }) => topLevelOf(path)));
}

function mayRemove({ action, type }: ResourceChange, changed: ReadonlySet<string>): boolean {
  if (action === "replace" || action === "delete") return true;
  return action === "update" && deviceBlocksOf(type).some((block) => isRemoving(block, changed));
}

function isRemoving({ block, update }: Device["block"], changed: ReadonlySet<string>): boolean {
  return update === "removes" && block !== undefined && changed.has(block);
}

function lostDevices(
  { action, type }: ResourceChange,
  { applied, wanted }: ThreeSides,
  changed: ReadonlySet<string>,
  config: GuestConfig,
): Device[] {
  // What the code has by now does not keep a volume from being destroyed with its guest.
  if (action !== "update") return undeclaredDevices(type, config, [applied]);
  const bootOrder = Array.isArray(wanted.boot_order) ? wanted.boot_order : [];
  return undeclaredDevices(type, config, [applied, wanted])
    .filter(({ block }) => isRemoving(block, changed))
    .filter(({ key }) => !bootOrder.includes(key)); // These the provider refuses to remove (vm.go:6517).
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
