import type { LabCore } from "../core.ts";
import { guestName } from "../guest.ts";
import { type Fault, type FaultName, faultNames, faults } from "../world.ts";
import { guestBy } from "./changes.ts";

/** A fault or a target that does not exist; the message lists what there is. */
export class FaultError extends Error {}

/** Switches a fault on. @throws FaultError */
export function breakIt(lab: LabCore, name: string, target: string | undefined): Fault {
  if (!isFaultName(name))
    throw new FaultError(`unknown fault '${name}'; there are: ${faultNames.join(", ")}`);
  const fault = { name, ...targetOf(lab, name, target) };
  const { world } = lab;
  const same = (other: Fault) => other.name === fault.name && other.target === fault.target;
  if (!world.faults.some(same)) world.faults.push(fault);
  const guest = name === "booting" && fault.target ? world.guests[fault.target] : undefined;
  if (guest?.status === "running") guest.bootedAt = lab.now();
  return fault;
}

/**
 * Switches off one fault, one fault at one target, all faults of a target, or all; a guest that was booting has
 * booted then, and tasks that hung end. Returns the faults that were on.
 */
export function mendIt(lab: LabCore, name: string | undefined, target: string | undefined): Fault[] {
  if (name !== undefined && !isFaultName(name)) {
    throw new FaultError(`unknown fault '${name}'; there are: ${faultNames.join(", ")}`);
  }
  const id = target === undefined ? undefined : String(guestBy(lab, target)?.vmid ?? target);
  const meant = (fault: Fault) =>
    (name === undefined || fault.name === name) && (id === undefined || fault.target === id);
  const mended = lab.world.faults.filter(meant);
  lab.world.faults = lab.world.faults.filter((fault) => !meant(fault));
  for (const fault of mended) {
    if (fault.name === "booting") finishBoot(lab, fault.target);
    if (fault.name === "task-hang") void lab.tasks.resume();
  }
  return mended;
}

function finishBoot(lab: LabCore, vmid: string | undefined): void {
  const guest = lab.world.guests[vmid ?? ""];
  if (guest?.bootedAt === undefined) return;
  guest.bootedAt = Math.min(guest.bootedAt, lab.now() - guest.inside.bootSeconds * 1000);
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faults, name);
}

function targetOf(lab: LabCore, name: FaultName, target: string | undefined): { target?: string } {
  const kind = faults[name].target;
  if (kind === "none") {
    if (target !== undefined) throw new FaultError(`fault '${name}' takes no target`);
    return {};
  }
  if (kind === "any node" && target === undefined) return {};
  if (kind === "node" || kind === "any node") {
    const nodes = Object.keys(lab.world.nodes);
    if (target === undefined || !nodes.includes(target)) {
      throw new FaultError(`${unknown(name, target, "node")}; there are: ${nodes.join(", ")}`);
    }
    return { target };
  }
  const guest = target === undefined ? undefined : guestBy(lab, target);
  if (!guest) {
    const guests = Object.values(lab.world.guests).filter((one) => !one.template);
    const list = guests.map((one) => `${one.vmid} (${guestName(one)})`).join(", ");
    throw new FaultError(`${unknown(name, target, "guest")}; there are: ${list || "none"}`);
  }
  return { target: String(guest.vmid) };
}

function unknown(name: FaultName, target: string | undefined, kind: string): string {
  return target === undefined ? `fault '${name}' needs a ${kind}` : `no ${kind} '${target}'`;
}
