import type { JsonObject } from "../model/json.ts";
import { reasonOf } from "../plan/effect.ts";
import { nameOf, vmidOf } from "../plan/guest-types.ts";
import type { ResourceChange } from "../plan/plan-json.ts";

/** The name it has at present, and its number. */
export function guestOf(before: JsonObject, after: JsonObject, address: string) {
  const vmid = vmidOf(before) ?? vmidOf(after);
  return {
    guest: nameOf(before) ?? nameOf(after) ?? address,
    ...(vmid === undefined ? {} : { vmid }),
  };
}

/** `reason` of a forecast, where Terraform gives one: of a guest that is tainted, for example. */
export function reasonPart(change: ResourceChange): { reason?: string } {
  const reason = reasonOf(change);
  return reason === undefined ? {} : { reason };
}
