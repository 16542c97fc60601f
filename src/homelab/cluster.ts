import { listGuests } from "../connect/proxmox/guests.ts";
import { listNodes } from "../connect/proxmox/nodes.ts";
import type { GuestStatus, NodeStatus, ProxmoxClient } from "../connect/proxmox/types.ts";

/** What the API says about a whole cluster at one moment. */
export interface Cluster {
  nodes: ReadonlyMap<string, NodeStatus>;
  /** By vmid. Only what the token may see: without VM.Audit on it, a guest is not there. */
  guests: ReadonlyMap<number, GuestStatus>;
}

/** Two calls, however many guests there are. Fails with the client's Problem. */
export async function readCluster(client: ProxmoxClient, signal: AbortSignal): Promise<Cluster> {
  const [nodes, guests] = await Promise.all([listNodes(client, { signal }), listGuests(client, { signal })]);
  return {
    nodes: new Map(nodes.map((node) => [node.node, node])),
    guests: new Map(guests.map((guest) => [guest.vmid, guest])),
  };
}

/** Not one guest: a cluster without any and a token that may see none look the same. */
export function showsNoGuest(cluster: Cluster): boolean {
  return cluster.guests.size === 0;
}
