import type { GuestStatus } from "../connect/proxmox/types.ts";
import { inCopy } from "../connect/terraform/in-copy.ts";
import type { TerraformRun, Workspace } from "../connect/terraform/types.ts";
import { Problem } from "../model/problem.ts";
import { type Log, logOf } from "../model/progress.ts";
import {
  hasOtherName,
  isBeingMade,
  isNamedAs,
  type PlannedGuest,
  plannedGuests,
  vmidsOf,
} from "../plan/guests.ts";
import { readPlan } from "../plan/plan-json.ts";
import { stateResources } from "../plan/state-resources.ts";

export interface ImportDependencies {
  prepare(run: TerraformRun): Promise<Pick<Workspace, "plan" | "state" | "import" | "dispose">>;
  /** Every guest of the cluster. */
  listGuests(): Promise<GuestStatus[]>;
  /** All other environments: a guest must not be in two states. */
  others: readonly { name: string; run: TerraformRun }[];
  /** Whether it is to be done. Throws where it was declined. */
  agree(guest: GuestStatus, address: string): Promise<boolean>;
  log: Log;
  lockTimeoutMs: number;
}

/**
 * Takes a guest that exists on Proxmox into the state of the environment that declares it: what an apply left that was
 * cut short. Changes nothing on Proxmox. Problems `guest-not-declared`, `guest-not-found`, `guest-differs`,
 * `guest-other`, `guest-locked`, `guest-managed`.
 * @returns `known` where the state has it already, `left` where it is not to be done
 */
export async function importGuest(
  environment: { name: string; run: TerraformRun },
  vmid: number,
  deps: ImportDependencies,
): Promise<"imported" | "known" | "left"> {
  const { name, run } = environment;
  const log = logOf(name, deps.log);
  return inCopy(run, { prepare: deps.prepare, log }, async (workspace) => {
    log("planning");
    const plan = readPlan((await workspace.plan()).json);
    if (vmidsOf(stateResources(plan.priorState)).includes(vmid)) return "known";
    const guest = (await deps.listGuests()).find((one) => one.vmid === vmid);
    const planned = plannedGuests(plan).find(
      (one) => one.vmid === vmid || (guest !== undefined && isNamedAs(one, guest)),
    );
    if (planned === undefined) throw notDeclared(name, vmid);
    if (guest === undefined) throw notFound(name, vmid);
    refuseOther(name, planned, guest);
    await refuseManaged(vmid, deps);
    const { address } = planned;
    // A container that is imported has no number of its own in the state, unless the code gives it one.
    const values = { ...planned.values, vm_id: vmid };
    if (!(await deps.agree(guest, address))) return "left";
    const { lockTimeoutMs } = deps;
    await workspace.import({ address, id: `${guest.node}/${vmid}`, values, lockTimeoutMs });
    return "imported";
  });
}

function notFound(environment: string, vmid: number): Problem {
  return new Problem({
    kind: "undetermined",
    code: "guest-not-found",
    message: `Proxmox has no guest ${vmid}`,
    hint: `create it: pve-home apply --env ${environment}`,
  });
}

function refuseOther(environment: string, planned: PlannedGuest, guest: GuestStatus): void {
  const { kind, node, name } = planned;
  const { vmid } = guest;
  if (guest.type !== kind || guest.node !== node) {
    throw new Problem({
      kind: "configuration",
      code: "guest-differs",
      message: `${environment} declares ${kind}/${vmid} on ${node}; Proxmox has ${guest.type}/${vmid} (${guest.name}) on ${guest.node}`,
      hint: `give the declared guest a vm_id that is free, or node_name = "${guest.node}"`,
    });
  }
  if (hasOtherName(planned, guest)) {
    throw new Problem({
      kind: "configuration",
      code: "guest-other",
      message: `${environment} declares ${kind}/${vmid} with the name ${name}; Proxmox has ${guest.type}/${vmid} (${guest.name}), another guest`,
      hint: `give the declared guest a vm_id that is free; if it is the same guest, declare the name ${guest.name}`,
    });
  }
  if (!isBeingMade(guest)) return;
  const unlock = guest.type === "vm" ? `qm unlock ${vmid}` : `pct unlock ${vmid}`;
  throw new Problem({
    kind: "undetermined",
    code: "guest-locked",
    message: `Proxmox still works on ${guest.type}/${vmid} (lock: ${guest.lock})`,
    hint: `wait until its task has ended; if no task runs any more, on ${guest.node}: ${unlock}`,
  });
}

async function refuseManaged(vmid: number, deps: ImportDependencies): Promise<void> {
  await Promise.all(
    deps.others.map(async ({ name, run }) => {
      const state = await inCopy(run, deps, (workspace) => workspace.state());
      if (!vmidsOf(stateResources(state)).includes(vmid)) return;
      throw new Problem({
        kind: "configuration",
        code: "guest-managed",
        message: `guest ${vmid} is in the state of ${name} already`,
        hint: `declare it in one environment alone; to see both: pve-home drift --env ${name}`,
      });
    }),
  );
}

function notDeclared(environment: string, vmid: number): Problem {
  return new Problem({
    kind: "configuration",
    code: "guest-not-declared",
    message: `${environment} declares no VM or container with the number ${vmid}, nor one of its name without a number`,
    hint: `declare it in the terraform.tfvars of ${environment}, for example: vm_id = ${vmid}`,
  });
}
