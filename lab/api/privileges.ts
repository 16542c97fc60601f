import type { Privileges } from "../world.ts";

// Source: $privgroups and create_roles in PVE::AccessControl (pve-access-control, PVE 9).
const audit = [
  "VM.Audit",
  "VM.GuestAgent.Audit",
  "Sys.Audit",
  "Datastore.Audit",
  "SDN.Audit",
  "Pool.Audit",
  "Mapping.Audit",
] as const;

const use = [
  "VM.Config.CDROM",
  "VM.Config.Cloudinit",
  "VM.Console",
  "VM.Backup",
  "VM.GuestAgent.FileRead",
  "VM.GuestAgent.FileSystemMgmt",
  "VM.GuestAgent.FileWrite",
  "VM.PowerMgmt",
  "Datastore.AllocateSpace",
  "SDN.Use",
  "Mapping.Use",
] as const;

const administer = [
  "VM.Config.Disk",
  "VM.Config.CPU",
  "VM.Config.Memory",
  "VM.Config.Network",
  "VM.Config.HWType",
  "VM.Config.Options",
  "VM.Allocate",
  "VM.Clone",
  "VM.GuestAgent.Unrestricted",
  "VM.Migrate",
  "VM.Replicate",
  "VM.Snapshot",
  "VM.Snapshot.Rollback",
  "Sys.Console",
  "Sys.Syslog",
  "Datastore.Allocate",
  "Datastore.AllocateTemplate",
  "SDN.Allocate",
  "User.Modify",
  "Group.Allocate",
  "Realm.AllocateUser",
  "Pool.Allocate",
  "Mapping.Modify",
] as const;

const rootOnly = [
  "Sys.PowerMgmt",
  "Sys.Modify",
  "Sys.Incoming",
  "Sys.AccessNetwork",
  "Realm.Allocate",
  "Permissions.Modify",
] as const;

export type Privilege =
  | (typeof audit)[number]
  | (typeof use)[number]
  | (typeof administer)[number]
  | (typeof rootOnly)[number];

export const roles = {
  Administrator: [...audit, ...use, ...administer, ...rootOnly],
  PVEAuditor: [...audit],
} as const satisfies Record<string, readonly Privilege[]>;

/**
 * The privileges that hold at an ACL path. As in PVE::AccessControl::roles the deepest path with an entry
 * replaces what is above it; nothing is added up.
 */
export function privilegesAt(granted: Privileges, path: string): readonly string[] {
  let best = "";
  let found: readonly string[] = [];
  for (const [at, privileges] of Object.entries(granted)) {
    const covers = at === "/" || path === at || path.startsWith(`${at}/`);
    if (covers && at.length > best.length) {
      best = at;
      found = privileges;
    }
  }
  return found;
}
