import type { GuestStatus } from "../connect/proxmox/types.ts";
import type { DriftFinding } from "../model/drift.ts";
import { isNamedAs, mayBeSameGuest, type PlannedGuest } from "../plan/guests.ts";

/** What one environment's plan would create, and what was found about it. */
export interface Creating {
  environment: string;
  guests: readonly PlannedGuest[];
  findings: readonly DriftFinding[];
}

/** What is known of the cluster. */
export interface Cluster {
  guests: readonly GuestStatus[];
  /** The numbers in the states that were read. */
  managed: ReadonlySet<number>;
  /** These are all states there are. */
  complete: boolean;
}

/**
 * An apply that was cut short may leave a guest on Proxmox that the state does not have; applying again cannot create it,
 * or makes a second one. The finding about such a guest then says so, and what to do.
 * @returns the findings, and the numbers of the guests that they are about: these are no unmanaged guests
 */
export function withExisting(
  { environment, guests, findings }: Creating,
  cluster: Cluster,
): { findings: DriftFinding[]; vmids: number[] } {
  const vmids: number[] = [];
  const explained = findings.map((finding) => {
    const planned = guests.find(({ address }) => address === finding.subject);
    const guest = planned === undefined ? undefined : existing(planned, cluster);
    if (finding.verdict !== "pending" || planned === undefined || guest === undefined) return finding;
    if (cluster.managed.has(guest.vmid) || !mayBeSameGuest(planned, guest)) {
      return {
        ...finding,
        detail: `declared in the code, but number ${guest.vmid} is taken by ${guest.type} ${guest.name} on ${guest.node}`,
        hint: `give it a vm_id that is free, in the terraform.tfvars of ${environment}`,
      };
    }
    vmids.push(guest.vmid);
    const name = `${guest.type}/${guest.vmid} (${guest.name})`;
    const busy = guest.lock === undefined ? "" : `; Proxmox still works on it (lock: ${guest.lock})`;
    return {
      ...finding,
      detail: `declared in the code and exists on Proxmox as ${name}, but is not in the state${busy}`,
      hint: `take it into the state: pve-home state import --env ${environment} ${guest.vmid}`,
    };
  });
  return { findings: explained, vmids };
}

/** By its number; by its name only where no other state can have it, and no second guest has that name. */
function existing(planned: PlannedGuest, { guests, managed, complete }: Cluster): GuestStatus | undefined {
  if (planned.vmid !== undefined) return guests.find(({ vmid }) => vmid === planned.vmid);
  const named = guests.filter((guest) => isNamedAs(planned, guest) && !managed.has(guest.vmid));
  return complete && named.length === 1 ? named[0] : undefined;
}
