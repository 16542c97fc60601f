import type { GuestStatus } from "../connect/proxmox/types.ts";
import type { PlannedGuest } from "../connect/terraform/plan/guests.ts";
import type { DriftFinding } from "../model/drift.ts";

/** What one environment's plan would create, and what was found about it. */
export interface Creating {
  environment: string;
  guests: readonly PlannedGuest[];
  findings: readonly DriftFinding[];
}

/**
 * Applying cannot create a guest whose number exists on Proxmox, as it does after an apply that was cut short. The
 * finding about such a guest then says so, with the way out.
 * @param managed the numbers in the states that were read
 * @returns the findings, and the numbers of the guests that they are about: these are no unmanaged guests
 */
export function withExisting(
  { environment, guests, findings }: Creating,
  existing: readonly GuestStatus[],
  managed: ReadonlySet<number>,
): { findings: DriftFinding[]; vmids: number[] } {
  const vmids: number[] = [];
  const told = findings.map((finding) => {
    const planned = guests.find(({ address }) => address === finding.subject);
    const guest = existing.find(({ vmid }) => vmid === planned?.vmid);
    if (finding.verdict !== "pending" || planned === undefined || guest === undefined) return finding;
    const name = `${guest.type}/${guest.vmid} (${guest.name})`;
    if (managed.has(guest.vmid) || guest.type !== planned.kind || guest.node !== planned.node) {
      return {
        ...finding,
        detail: `declared in the code, but its number is taken by ${name} on ${guest.node}`,
        hint: `give it a vm_id that is free, in the terraform.tfvars of ${environment}`,
      };
    }
    vmids.push(guest.vmid);
    const busy = guest.lock === undefined ? "" : `; Proxmox still works on it (lock: ${guest.lock})`;
    return {
      ...finding,
      detail: `declared in the code, exists on Proxmox as ${name}, and is in no state${busy}`,
      hint: `take it into the state: pve-home state import --env ${environment} ${guest.vmid}`,
    };
  });
  return { findings: told, vmids };
}
