import type { GuestKind } from "../model/guest-kind.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { type GuestType, guestKindOf, isGuestType, nameOf, vmidOf } from "./guest-types.ts";
import type { Plan } from "./plan-json.ts";
import type { StateResource } from "./state-resources.ts";

/** Those that are imported by `NODE/VMID`. */
const importable: readonly GuestType[] = [
  "proxmox_virtual_environment_vm",
  "proxmox_virtual_environment_container",
];

/** A guest that the code declares and the state does not have. */
export interface PlannedGuest {
  address: string;
  kind: GuestKind;
  /** undefined where the code leaves it to Proxmox. */
  vmid: number | undefined;
  node: string;
  /** undefined where the code gives none. */
  name: string | undefined;
  /** What it is to be created with, as far as it is known before. */
  values: JsonObject;
}

/** The numbers of the guests in a state. */
export function vmidsOf(resources: readonly StateResource[]): number[] {
  return resources.flatMap(({ type, values }) => (isGuestType(type) ? (vmidOf(values) ?? []) : []));
}

/** The guests a plan would create, of those whose node is declared. */
export function plannedGuests({ changes }: Plan): PlannedGuest[] {
  return changes.flatMap(({ address, type, action, sides: { after } }) => {
    const guestType = importable.find((one) => one === type);
    if (action !== "create" || guestType === undefined || !isObject(after)) return [];
    const { node_name: node } = after;
    if (typeof node !== "string") return [];
    return {
      address,
      kind: guestKindOf(guestType),
      vmid: vmidOf(after),
      node,
      name: nameOf(after),
      values: after,
    };
  });
}

/** A guest on Proxmox, as far as it is compared with one that is declared. */
interface FoundGuest {
  type: string;
  node: string;
  name: string;
  lock: string | undefined;
}

/** While Proxmox makes a guest it is not what it will be. */
const making = ["create", "clone", "disk"];

export function isBeingMade({ lock }: Pick<FoundGuest, "lock">): boolean {
  return lock !== undefined && making.includes(lock);
}

/** Another name is another guest; one that is being made may not have its name yet (`VM 301`, `CT302`). */
export function hasOtherName({ name }: PlannedGuest, guest: Omit<FoundGuest, "type" | "node">): boolean {
  return name !== undefined && name !== guest.name && !isBeingMade(guest);
}

/** Whether the guest that has the declared number may be the declared one: left by an apply that was cut short. */
export function mayBeSameGuest(planned: PlannedGuest, guest: FoundGuest): boolean {
  return guest.type === planned.kind && guest.node === planned.node && !hasOtherName(planned, guest);
}

/** Whether a guest on Proxmox is the one that is meant where the code leaves the number open. */
export function isNamedAs(
  { kind, vmid, node, name }: PlannedGuest,
  guest: { type: string; node: string; name: string },
): boolean {
  return vmid === undefined && guest.type === kind && guest.node === node && guest.name === name;
}
