import type { GuestCall } from "../config/rules.ts";
import { wrongParameters } from "../config/verify.ts";
import { lockOf } from "../guest.ts";
import type { TaskWork } from "../tasks/engine.ts";
import type { Guest, GuestKind } from "../world.ts";
import { barePermissionError, failure, parameterError } from "./errors.ts";
import { allowed, type Call } from "./route.ts";

/** `VM` or `CT`, as messages say it. */
export const kindNames = { qemu: "VM", lxc: "CT" } as const satisfies Record<GuestKind, string>;

/**
 * The guest that a call's path names.
 * @throws ApiError 400 for no vmid, 500 `Configuration file … does not exist` where there is none of this kind.
 */
export function guestOf(call: Call, kind: GuestKind): Guest {
  const { node = "" } = call.path;
  const vmid = vmidOf(call);
  const guest = call.lab.world.guests[vmid];
  if (guest?.kind === kind && guest.node === node) return guest;
  const folder = kind === "qemu" ? "qemu-server" : "lxc";
  throw failure(`Configuration file 'nodes/${node}/${folder}/${vmid}.conf' does not exist`);
}

/** The number in a call's path, whether or not there is such a guest. @throws ApiError 400 where it is none. */
export function vmidOf(call: Call): string {
  const { vmid = "" } = call.path;
  if (/^[1-9]\d{2,8}$/.test(vmid)) return vmid;
  throw parameterError({ vmid: "invalid format - value does not look like a valid VM ID" });
}

/** Parameters that Proxmox does not know, or not with such a value, are refused before anything else. @throws ApiError 400 */
export function verifyParameters(call: Call, kind: GuestKind, what: GuestCall): void {
  const sent = call.input.entries().map(([key, values]) => [key, values.at(-1) ?? ""] as const);
  const errors = wrongParameters(kind, what, sent);
  if (errors) throw parameterError(errors);
}

/** @throws ApiError 500 `VM is locked (backup)` */
export function requireUnlocked(call: Call, guest: Guest): void {
  if (call.input.flag("skiplock")) return;
  const lock = lockOf(call.lab.world, guest);
  if (lock !== undefined) throw failure(`${kindNames[guest.kind]} is locked (${lock})`);
}

/** @throws ApiError 500 in Proxmox's words where a vmid is taken anywhere in the cluster. */
export function requireFreeId(call: Call, vmid: number): void {
  const taken = call.lab.world.guests[vmid];
  if (taken) {
    throw failure(
      `unable to create ${kindNames[taken.kind]} ${vmid} - VM ${vmid} already exists on node '${taken.node}'`,
    );
  }
}

/** Checks that the caller may make a guest of this number, or in this pool. @throws ApiError 403 */
export function requireAllocate(call: Call, vmid: number, pool: string | undefined): void {
  if (allowed(call, `/vms/${vmid}`, ["VM.Allocate"])) return;
  if (pool !== undefined && allowed(call, `/pool/${pool}`, ["VM.Allocate"])) return;
  throw barePermissionError();
}

/** A vmid parameter. @throws ApiError 400 */
export function vmidParameter(call: Call, name: string): number {
  const text = call.input.required(name);
  if (!/^[1-9]\d{2,8}$/.test(text)) {
    throw parameterError({ [name]: "invalid format - value does not look like a valid VM ID" });
  }
  return Number(text);
}

/** Starts a task on the call's node for the calling user; returns the UPID. */
export function startTask(
  call: Call,
  type: string,
  id: string | number,
  work: Omit<TaskWork, "node" | "type" | "id" | "user">,
): string {
  return call.lab.tasks.start({
    node: call.path.node ?? Object.keys(call.lab.world.nodes)[0] ?? "pve1",
    type,
    id: String(id),
    user: call.who.name,
    ...work,
  });
}
