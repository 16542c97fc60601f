import type { GuestForecast } from "../model/plan.ts";
import { isObject } from "../plan/json.ts";
import type { Plan, ResourceChange } from "../plan/plan-json.ts";
import { stateResources } from "../plan/state-resources.ts";
import { guestTypes } from "./effects/guest-types.ts";

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
    guest: nameOf(vmid, plan) ?? number,
    vmid,
    effect: "stopped",
    causes: ["state"],
  };
}

function nameOf(vmid: number, plan: Plan): string | undefined {
  const guest = stateResources(plan.priorState).find(
    ({ type, values }) => type in guestTypes && (values.vm_id ?? Number(values.id)) === vmid,
  );
  return typeof guest?.values.name === "string" ? guest.values.name : undefined;
}
