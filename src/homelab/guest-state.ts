import type { GuestStatus } from "../connect/proxmox/types.ts";
import type { Guest } from "../model/inventory.ts";
import type { Cluster } from "./cluster.ts";

/** What the API says about a declared guest. */
export interface GuestState {
  /** Undefined when it is not on the cluster, or the token may not see it. Its type may not be the declared one. */
  found: GuestStatus | undefined;
  /** The node it is on, or is declared on. */
  node: string;
  nodeOffline: boolean;
}

export function stateOf(guest: Guest, cluster: Cluster): GuestState {
  const found = cluster.guests.get(guest.vmid);
  const node = found?.node ?? guest.node;
  return { found, node, nodeOffline: cluster.nodes.get(node)?.status === "offline" };
}

// Locks that end by themselves. `suspended` is not one: the guest was hibernated and stays so.
const passingLocks: Record<string, string> = {
  backup: "locked by a backup",
  clone: "locked while it is cloned",
  create: "locked while it is created or restored",
  disk: "locked by work on a disk",
  fstrim: "locked by a trim of its disks",
  migrate: "locked by a migration",
  mounted: "locked while its disks are mounted on the node",
  rollback: "locked by a rollback",
  snapshot: "locked by a snapshot",
  "snapshot-delete": "locked while a snapshot is deleted",
  suspending: "locked while it is suspended",
};

/** "locked by a backup", or undefined for a guest without a lock or with one that does not pass. */
export function passingLock(found: GuestStatus): string | undefined {
  return found.lock === undefined ? undefined : passingLocks[found.lock];
}

/** Why there is no sense in asking the guest itself, or undefined where there is or may be. */
export function notRunningReason(guest: Guest, state: GuestState | undefined): string | undefined {
  if (state === undefined) return undefined;
  if (state.nodeOffline) return `node ${state.node} is offline`;
  if (state.found === undefined) return "not on the cluster";
  if (state.found.type !== guest.type) return `${guest.vmid} is another guest`;
  const { status } = state.found;
  // The node's statistics daemon may have died while its guests go on: only asking the guest can tell.
  return status === "running" || status === "unknown" ? undefined : status;
}

/** Why a running guest may not answer yet, or undefined where it should. Seconds since its start decide. */
export function notReadyReason(state: GuestState | undefined, bootGraceMs: number): string | undefined {
  if (state?.found === undefined) return undefined;
  const lock = passingLock(state.found);
  if (lock !== undefined) return lock;
  const { status, uptime } = state.found;
  if (status !== "running" || uptime * 1000 >= bootGraceMs) return undefined;
  return `booting for ${Math.round(uptime)} s`;
}
