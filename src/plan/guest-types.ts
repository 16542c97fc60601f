import type { GuestKind } from "../model/guest-kind.ts";
import { childOf, type JsonObject } from "../model/json.ts";
import { namesIn } from "./address.ts";

/** The version of bpg/proxmox that this table, that of devices and those of the restart forecast were made for. */
export const madeFor = "0.111.1";

/** Resource types that are a guest. */
const kinds = {
  proxmox_virtual_environment_vm: "vm",
  proxmox_virtual_environment_container: "lxc",
  proxmox_virtual_environment_cloned_vm: "vm",
  proxmox_cloned_vm: "vm",
  proxmox_virtual_environment_vm2: "vm",
  proxmox_vm: "vm",
} as const satisfies Record<string, GuestKind>;

export type GuestType = keyof typeof kinds;

export function isGuestType(type: string): type is GuestType {
  return Object.hasOwn(kinds, type);
}

export function guestKindOf(type: GuestType): GuestKind {
  return kinds[type];
}

/** Whether an address is that of a guest, of whatever module. */
export function isGuestAddress(address: string): boolean {
  return namesIn(address).some(isGuestType);
}

/** The number of a guest by the values of its resource: `vm_id`, or `id` of the types without it. */
export function vmidOf({ vm_id: vmid, id }: JsonObject): number | undefined {
  return [vmid, id].map(Number).find((number) => Number.isInteger(number) && number > 0);
}

/** A VM's name, a container's host name; undefined where the code gives none. */
export function nameOf({ name, initialization }: JsonObject): string | undefined {
  const found = name ?? childOf(childOf(initialization, 0), "hostname");
  return typeof found === "string" && found !== "" ? found : undefined;
}
