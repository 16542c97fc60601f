import { isObject } from "../model/json.ts";
import type { GuestForecast } from "../model/plan.ts";
import { isGuestType, nameOf, vmidOf } from "../plan/guest-types.ts";
import type { Plan, ResourceChange } from "../plan/plan-json.ts";
import { stateResources } from "../plan/state-resources.ts";

const types = ["proxmox_haresource", "proxmox_virtual_environment_haresource"];
/** https://pve.proxmox.com/pve-docs/chapter-ha-manager.html: both stop the guest. */
const stopping = ["stopped", "disabled"];

/** A guest that high availability is told to stop. */
export function highAvailabilityForecast(change: ResourceChange, plan: Plan): GuestForecast | undefined {
  const { action, address, sides } = change;
  if (!types.includes(change.type) || !["create", "update", "replace"].includes(action)) return undefined;
  const { before, after } = sides;
  if (!isObject(after) || !stopping.includes(String(after.state))) return undefined;
  if (isObject(before) && before.state === after.state) return undefined;
  const [, kind, number] = /^(vm|ct):(\d+)$/.exec(String(after.resource_id)) ?? [];
  if (number === undefined) return undefined;
  const vmid = Number(number);
  return {
    address,
    kind: kind === "vm" ? "vm" : "lxc",
    guest: nameIn(plan, vmid) ?? number,
    vmid,
    effect: "stopped",
    causes: ["state"],
  };
}

function nameIn(plan: Plan, vmid: number): string | undefined {
  const guest = stateResources(plan.priorState).find(
    ({ type, values }) => isGuestType(type) && vmidOf(values) === vmid,
  );
  return guest && nameOf(guest.values);
}
