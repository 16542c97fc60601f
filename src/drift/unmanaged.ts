import type { GuestStatus } from "../connect/proxmox/types.ts";
import type { StateResource } from "../connect/terraform/plan/state-resources.ts";
import { glob } from "../homelab/glob.ts";
import type { DriftFinding } from "../model/drift.ts";

/** Resource types that are a guest, with the attribute that holds its number (bpg/proxmox 0.111). */
const guestTypes: Record<string, string> = {
  proxmox_virtual_environment_vm: "vm_id",
  proxmox_virtual_environment_container: "vm_id",
  proxmox_virtual_environment_cloned_vm: "id",
  proxmox_cloned_vm: "id",
  proxmox_virtual_environment_vm2: "id",
  proxmox_vm: "id",
};

/** The numbers of the guests in a state. */
export function vmidsOf(resources: readonly StateResource[]): number[] {
  return resources.flatMap(({ type, values }) => {
    const attribute = guestTypes[type];
    const vmid = attribute === undefined ? Number.NaN : Number(values[attribute] ?? Number.NaN);
    return Number.isInteger(vmid) ? vmid : [];
  });
}

/**
 * Guests that no state has. Templates are left out, and those whose number or name an entry of `ignore` is or
 * matches.
 */
export function unmanagedGuests(
  guests: readonly GuestStatus[],
  managed: ReadonlySet<number>,
  ignore: readonly (string | number)[],
): DriftFinding[] {
  const ignored = ignore.map((entry) => glob(String(entry)));
  return guests
    .filter(({ vmid, template }) => !template && !managed.has(vmid))
    .filter(({ vmid, name }) => !ignored.some((matches) => matches(String(vmid)) || matches(name)))
    .sort((a, b) => a.vmid - b.vmid)
    .map((guest) => ({
      verdict: "unmanaged",
      subject: `${guest.type}/${guest.vmid} (${guest.name})`,
      changes: [],
      detail: `${guest.status} on ${guest.node}, in no environment's state`,
      hint: `declare and import it, remove it, or add ${guest.vmid} to drift.ignore_unmanaged in pve-home.yaml`,
    }));
}
