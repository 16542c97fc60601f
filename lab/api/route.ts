import type { LabCore } from "../core.ts";
import type { Guest, Privileges } from "../world.ts";
import { permissionError } from "./errors.ts";
import type { Identity } from "./identity.ts";
import type { Input } from "./input.ts";
import { type Privilege, privilegesAt } from "./privileges.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/**
 * Who may call a route: `world` everyone, `user` everyone who is logged in (the handler may look closer), or the
 * privileges needed at an ACL path; `{name}` in the path is filled from the route's parameters.
 */
export type Permission =
  | "world"
  | "user"
  | { at: string; all: readonly Privilege[] }
  | { at: string; any: readonly Privilege[] };

/** One call, past authentication, permission check and parsing. */
export interface Call {
  readonly lab: LabCore;
  readonly who: Identity;
  /** The node whose API was asked. */
  readonly entry: string;
  /** The route's path parameters, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly input: Input;
  /** Keys that go beside `data`, such as the task log's `total`. */
  readonly beside: Record<string, unknown>;
}

/**
 * One endpoint. `path` is relative to /api2/json, without leading or trailing slash; `{name}` is one segment,
 * `{name*}` the whole rest. What `handle` returns becomes `data`; undefined becomes null.
 */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly permission: Permission;
  handle(call: Call): unknown;
}

type Caller = Pick<Call, "lab" | "who">;

/** Whether the caller holds all (or, with `any`, one) of the privileges at an ACL path. */
export function allowed(call: Caller, at: string, privileges: readonly Privilege[], any = false): boolean {
  const held = heldAt(call, at);
  const holds = (privilege: Privilege) => held.includes(privilege);
  return any ? privileges.some(holds) : privileges.every(holds);
}

/** @throws ApiError 403 where `allowed` says no. */
export function requirePrivileges(
  call: Caller,
  at: string,
  privileges: readonly Privilege[],
  any = false,
): void {
  if (allowed(call, at, privileges, any)) return;
  const missing = any ? privileges : privileges.filter((privilege) => !allowed(call, at, [privilege]));
  throw permissionError(at, missing, any);
}

/** Checks a route's declaration. `world` and `user` always pass here. */
export function checkPermission(call: Caller & Pick<Call, "path">, permission: Permission): void {
  if (typeof permission === "string") return;
  const at = permission.at.replace(/\{(\w+)\}/g, (_, name: string) => call.path[name] ?? "");
  if ("any" in permission) requirePrivileges(call, at, permission.any, true);
  else requirePrivileges(call, at, permission.all);
}

/** Which guests the caller has all these privileges on; quick where no ACL entry tells guests apart. */
export function guestFilter(call: Caller, privileges: readonly Privilege[]): (guest: Guest) => boolean {
  const paths = [call.who.privileges, call.who.within ?? {}].flatMap((granted) => Object.keys(granted));
  if (!paths.some((path) => path.startsWith("/vms/") || path.startsWith("/pool"))) {
    const everywhere = allowed(call, "/vms", privileges);
    return (guest) =>
      everywhere || (guest.pool !== undefined && allowed(call, `/vms/${guest.vmid}`, privileges));
  }
  return (guest) => allowed(call, `/vms/${guest.vmid}`, privileges);
}

// A member of a pool also has what its pool grants (PVE::RPCEnvironment::compute_api_permission and roles).
/** Everything that the caller holds at an ACL path. */
export function heldAt(call: Caller, at: string): readonly string[] {
  const { privileges, within } = call.who;
  return within === undefined
    ? heldBy(call, privileges, at)
    : heldBy(call, privileges, at).filter((name) => heldBy(call, within, at).includes(name));
}

function heldBy(call: Caller, granted: Privileges, at: string): readonly string[] {
  const direct = privilegesAt(granted, at);
  const vmid = /^\/vms\/(\d+)$/.exec(at)?.[1];
  const pool = vmid === undefined ? undefined : call.lab.world.guests[vmid]?.pool;
  return pool === undefined ? direct : [...direct, ...privilegesAt(granted, `/pool/${pool}`)];
}
