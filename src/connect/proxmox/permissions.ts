import { z } from "zod";
import type { CallOptions, ProxmoxClient } from "./types.ts";

/** Privileges by ACL path, as Proxmox has worked them out for the token that asks. */
export type Permissions = Record<string, readonly string[]>;

const schema = z
  .record(z.string(), z.record(z.string(), z.unknown()))
  .transform(
    (tree): Permissions =>
      Object.fromEntries(Object.entries(tree).map(([path, held]) => [path, Object.keys(held)])),
  );

/** What the token itself may; every token may ask that. */
export function readPermissions(client: ProxmoxClient, options: CallOptions = {}): Promise<Permissions> {
  return client.get("access/permissions", schema, options);
}

/** Whether a privilege is held at a path. The deepest path that is listed counts: what is above it does not add to it. */
export function holds(permissions: Permissions, path: string, privilege: string): boolean {
  const covering = Object.keys(permissions).filter(
    (at) => at === "/" || at === path || path.startsWith(`${at}/`),
  );
  const deepest = covering.sort((one, other) => other.length - one.length)[0];
  return deepest !== undefined && (permissions[deepest] ?? []).includes(privilege);
}
