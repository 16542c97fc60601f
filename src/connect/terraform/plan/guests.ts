import { isObject, type JsonObject } from "./json.ts";
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
  vmid: number;
  node: string;
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

/** The guests a plan would create, of those whose number and node are declared. */
export function plannedGuests({ changes }: Plan): PlannedGuest[] {
  return changes.flatMap(({ address, type, action, sides: { after } }) => {
    const kind = kinds[type];
    if (action !== "create" || kind === undefined || !isObject(after)) return [];
    const { vm_id: vmid, node_name: node } = after;
    return typeof vmid === "number" && typeof node === "string"
      ? { address, kind, vmid, node, values: after }
      : [];
  });
}
