import type { GuestKind } from "../model/guest-kind.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { deviceBlocksOf } from "./device-blocks.ts";
import { guestKindOf, isGuestType, vmidOf } from "./guest-types.ts";
import type { Plan } from "./plan-json.ts";
import type { GuestConfig } from "./undeclared.ts";

/** A guest as the API names it. */
export interface GuestPlace {
  type: GuestKind;
  node: string;
  vmid: number;
}

/** Reads a guest's configuration, in one call. Throws a Problem. */
export type ReadConfig = (guest: GuestPlace, signal?: AbortSignal) => Promise<GuestConfig>;

/** Where the guest of a resource is; undefined for a resource that is none, or has no number or node yet. */
export function placeOf(type: string, values: JsonObject): GuestPlace | undefined {
  if (!isGuestType(type) || deviceBlocksOf(type).length === 0) return undefined;
  const vmid = vmidOf(values);
  const node = values.node_name;
  if (vmid === undefined || typeof node !== "string" || node === "") return undefined;
  return { type: guestKindOf(type), vmid, node };
}

/**
 * The values of a resource as they were last applied: before the refresh, which takes some of what was attached by
 * hand into the state.
 */
export function appliedValues({ drift }: Plan, address: string, refreshed: JsonObject): JsonObject {
  const found = drift.find((change) => change.address === address && change.deposed === undefined);
  return isObject(found?.sides.before) ? found.sides.before : refreshed;
}
