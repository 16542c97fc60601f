import type { GuestStatus } from "../connect/proxmox/types.ts";
import { isObject } from "../model/json.ts";
import { Problem } from "../model/problem.ts";
import { isGuestType, vmidOf } from "../plan/guest-types.ts";
import { mayBeSameGuest, type PlannedGuest, plannedGuests } from "../plan/guests.ts";
import type { Plan } from "../plan/plan-json.ts";

/** Every guest of the cluster, templates too, in one call. Throws a Problem. */
export type ListGuests = () => Promise<GuestStatus[]>;

/**
 * Throws a Problem `guest-number-taken` where a guest is to be created with a number that a guest on Proxmox has. The
 * provider would not refuse: it takes "already exists" at its second attempt for success (WithAlreadyDoneCheck,
 * vms.go:39, :83, containers.go:31, :60), changes that guest and has it in the state, so that the next replacement
 * destroys its disks. Asks Proxmox only where the plan creates a guest with a number.
 */
export async function refuseTakenNumbers(
  environment: string,
  plan: Plan,
  listGuests: ListGuests,
): Promise<void> {
  const freed = freedNumbers(plan);
  const needed = neededNumbers(plan).filter(({ vmid }) => !freed.has(vmid));
  if (needed.length === 0) return;
  const guests = new Map((await listGuests()).map((guest) => [guest.vmid, guest]));
  const planned = new Map(plannedGuests(plan).map((guest) => [guest.address, guest]));
  const taken = needed.flatMap(({ address, vmid }) => {
    const guest = guests.get(vmid);
    if (guest === undefined) return [];
    return {
      message: `${address}: number ${vmid} is taken by ${describe(guest)}`,
      hint: hintFor(environment, guest, planned.get(address)),
    };
  });
  if (taken.length === 0) return;
  throw new Problem({
    kind: "configuration",
    code: "guest-number-taken",
    message: taken.map(({ message }) => message).join("; "),
    hint: [...new Set(taken.map(({ hint }) => hint))].join("; "),
  });
}

/** Of guests that are created, and of those that are replaced by one with another number. */
function neededNumbers({ changes }: Plan): { address: string; vmid: number }[] {
  return changes.flatMap(({ address, type, action, sides: { before, after } }) => {
    if (!isGuestType(type) || !["create", "replace"].includes(action)) return [];
    const vmid = numberIn(after);
    return vmid === undefined || vmid === numberIn(before) ? [] : { address, vmid };
  });
}

function freedNumbers({ changes }: Plan): ReadonlySet<number | undefined> {
  const deleted = changes.filter(({ type, action }) => isGuestType(type) && action === "delete");
  return new Set(deleted.map(({ sides }) => numberIn(sides.before)));
}

function numberIn(values: unknown): number | undefined {
  return isObject(values) ? vmidOf(values) : undefined;
}

function describe({ type, name, node, status, template }: GuestStatus): string {
  return `${type} ${name} on ${node}, ${template ? "a template" : status}`;
}

function hintFor(environment: string, guest: GuestStatus, planned: PlannedGuest | undefined): string {
  const other = `give it a vm_id that is free, in the terraform.tfvars of ${environment}`;
  if (planned === undefined || guest.template || !mayBeSameGuest(planned, guest)) return other;
  return `if it is the same guest, take it into the state: pve-home state import --env ${environment} ${guest.vmid}; else ${other}`;
}
