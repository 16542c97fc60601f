import { childOf, isObject } from "../connect/terraform/plan/json.ts";
import type { Plan, ResourceChange } from "../connect/terraform/plan/plan-json.ts";
import { vmidsOf } from "./unmanaged.ts";

/** What Proxmox keeps under a guest's number and deletes with it (bpg/proxmox 0.111). */
const keptWithGuest = new Set([
  "proxmox_virtual_environment_firewall_options",
  "proxmox_virtual_environment_firewall_rules",
]);

/**
 * Tells of a change whether it is about the firewall of a guest that was found deleted. It went along and comes back
 * with the guest: the guest is the finding.
 */
export function goneWithGuest({ drift }: Plan): (change: ResourceChange) => boolean {
  const deleted = drift.filter(({ action }) => action === "delete");
  const guests = new Set(
    vmidsOf(
      deleted.flatMap(({ address, type, sides: { before } }) =>
        isObject(before) ? { address, type, values: before } : [],
      ),
    ),
  );
  return ({ type, sides: { before } }) =>
    keptWithGuest.has(type) &&
    ["vm_id", "container_id"].some((name) => guests.has(Number(childOf(before, name) ?? Number.NaN)));
}
