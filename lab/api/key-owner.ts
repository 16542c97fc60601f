import type { ConfigValue, GuestKind } from "../world.ts";
import type { Privilege } from "./privileges.ts";
import { allowed, type Call, requirePrivileges } from "./route.ts";

/** The guest that a configuration key is set on. */
export interface KeyOwner {
  vmid: number;
  kind: GuestKind;
  /** Absent while the guest is being made. */
  config?: Record<string, ConfigValue>;
  /** The pool that it is in. */
  pool?: string;
}

/** What is allowed on a guest's pool is allowed on the guest (PVE::RPCEnvironment, check_vm_perm). @throws ApiError 403 */
export function requireOnGuest(
  call: Call,
  { vmid, pool }: Pick<KeyOwner, "vmid" | "pool">,
  privileges: readonly Privilege[],
  any = false,
): void {
  if (pool !== undefined && allowed(call, `/pool/${pool}`, privileges, any)) return;
  requirePrivileges(call, `/vms/${vmid}`, privileges, any);
}
