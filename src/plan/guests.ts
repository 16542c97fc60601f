import type { GuestStatus } from "../connect/proxmox/types.ts";
import { childOf, isObject, type JsonObject } from "./json.ts";
import type { Plan } from "./plan-json.ts";
import type { StateResource } from "./state-resources.ts";

/** Resource types that are a guest, with the attribute that holds its number (bpg/proxmox 0.111). */
const idAttributes: Record<string, string> = {
  proxmox_virtual_environment_vm: "vm_id",
  proxmox_virtual_environment_container: "vm_id",
  proxmox_virtual_environment_cloned_vm: "id",
  proxmox_cloned_vm: "id",
  proxmox_virtual_environment_vm2: "id",
  proxmox_vm: "id",
};

/** Those that are imported by `NODE/VMID`. */
const kinds: Record<string, PlannedGuest["kind"]> = {
  proxmox_virtual_environment_vm: "vm",
  proxmox_virtual_environment_container: "lxc",
};

/** A guest that the code declares and the state does not have. */
export interface PlannedGuest {
  address: string;
  kind: "vm" | "lxc";
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
  return resources.flatMap(({ type, values }) => {
    const attribute = idAttributes[type];
    const vmid = attribute === undefined ? Number.NaN : Number(values[attribute] ?? Number.NaN);
    return Number.isInteger(vmid) ? vmid : [];
  });
}

/** The guests a plan would create, of those whose node is declared. */
export function plannedGuests({ changes }: Plan): PlannedGuest[] {
  return changes.flatMap(({ address, type, action, sides: { after } }) => {
    const kind = kinds[type];
    if (action !== "create" || kind === undefined || !isObject(after)) return [];
    const { vm_id: vmid, node_name: node } = after;
    if (typeof node !== "string") return [];
    const name = kind === "vm" ? after.name : childOf(childOf(after.initialization, 0), "hostname");
    return {
      address,
      kind,
      vmid: typeof vmid === "number" ? vmid : undefined,
      node,
      name: typeof name === "string" ? name : undefined,
      values: after,
    };
  });
}

/** Whether a guest of Proxmox is the one that is meant where the code leaves the number open. */
export function isNamedAs({ kind, vmid, node, name }: PlannedGuest, guest: GuestStatus): boolean {
  return vmid === undefined && guest.type === kind && guest.node === node && guest.name === name;
}
