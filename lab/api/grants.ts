import type { Holder, Privileges, World } from "../world.ts";
import { roles } from "./privileges.ts";

/** What a user or a token holds, by ACL path: what the lab was seeded with, and the roles given by `pveum acl modify`. */
export function grantsOf(world: World, { privileges, acl = {} }: Holder): Privileges {
  const granted = Object.entries(acl).map(([path, names]) => [
    path,
    names.flatMap((name) => world.roles?.[name] ?? builtIn(name) ?? []),
  ]);
  return { ...privileges, ...Object.fromEntries(granted) };
}

/** The privileges of a role that comes with Proxmox. */
export function builtIn(name: string): readonly string[] | undefined {
  return Object.entries(roles).find(([role]) => role === name)?.[1];
}
