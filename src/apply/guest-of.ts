import type { JsonObject } from "../model/json.ts";
import { nameOf, vmidOf } from "../plan/guest-types.ts";

/** The name it has at present, and its number. */
export function guestOf(before: JsonObject, after: JsonObject, address: string) {
  const vmid = vmidOf(before) ?? vmidOf(after);
  return {
    guest: nameOf(before) ?? nameOf(after) ?? address,
    ...(vmid === undefined ? {} : { vmid }),
  };
}
