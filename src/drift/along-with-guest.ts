import type { JsonValue } from "../model/json.ts";
import { childOf, isObject } from "../model/json.ts";
import { vmidsOf } from "../plan/guests.ts";
import type { Plan, ResourceChange } from "../plan/plan-json.ts";

/** What Proxmox keeps under a guest's number and deletes with it (bpg/proxmox 0.111). */
const keptWithGuest = new Set([
  "proxmox_virtual_environment_firewall_options",
  "proxmox_virtual_environment_firewall_rules",
]);

/**
 * Tells of a change whether it is about the firewall of a guest that was found deleted, is to be created or to be
 * destroyed. It comes and goes with the guest: the guest is the finding. That of a guest that is replaced may have been
 * changed by hand as well, and is reported.
 */
export function alongWithGuest({ drift, changes }: Plan): (change: ResourceChange) => boolean {
  const gone = drift.filter(({ action }) => action === "delete");
  const coming = changes.filter(({ action }) => action === "create");
  const going = changes.filter(({ action }) => action === "delete");
  const guests = new Set([
    ...numbersOf([...gone, ...going], ({ before }) => before),
    ...numbersOf(coming, ({ after }) => after),
  ]);
  return ({ type, action, sides: { before, after } }) =>
    keptWithGuest.has(type) &&
    [before, ...(action === "create" ? [after] : [])].some((side) =>
      ["vm_id", "container_id"].some((name) => guests.has(Number(childOf(side, name) ?? Number.NaN))),
    );
}

function numbersOf(
  changes: readonly ResourceChange[],
  sideOf: (sides: ResourceChange["sides"]) => JsonValue | undefined,
): number[] {
  return vmidsOf(
    changes.flatMap(({ address, type, sides }) => {
      const values = sideOf(sides);
      return isObject(values) ? { address, type, values } : [];
    }),
  );
}
