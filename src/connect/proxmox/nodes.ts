import { z } from "zod";
import type { CallOptions, NodeStatus, ProxmoxClient, ProxmoxVersion } from "./types.ts";
import { number } from "./values.ts";

const nodeRow = z
  .object({
    node: z.string(),
    status: z.enum(["online", "offline", "unknown"]).catch("unknown"),
    uptime: number.optional(),
    cpu: number.optional(),
    mem: number.optional(),
    maxmem: number.optional(),
  })
  .transform(
    (row): NodeStatus => ({
      node: row.node,
      status: row.status,
      uptime: row.uptime ?? 0,
      cpu: row.cpu,
      memory:
        row.mem === undefined || row.maxmem === undefined ? undefined : { used: row.mem, total: row.maxmem },
    }),
  );

/** The nodes of the cluster; cpu and memory only where the token has Sys.Audit and the node is online. */
export function listNodes(client: ProxmoxClient, options: CallOptions = {}): Promise<NodeStatus[]> {
  return client.get("nodes", z.array(nodeRow), options);
}

const clusterRow = z.object({ type: z.string(), name: z.string(), ip: z.string().optional() });

/** The nodes' names with their addresses in the cluster's network (Sys.Audit on /). */
export async function listNodeAddresses(
  client: ProxmoxClient,
  options: CallOptions = {},
): Promise<{ name: string; address: string | undefined }[]> {
  const rows = await client.get("cluster/status", z.array(clusterRow), options);
  return rows.filter(({ type }) => type === "node").map(({ name, ip }) => ({ name, address: ip }));
}

/** The version of Proxmox VE; needs no privilege, so that it shows whether a token is valid. */
export function version(client: ProxmoxClient, options: CallOptions = {}): Promise<ProxmoxVersion> {
  return client.get("version", z.object({ version: z.string(), release: z.string() }), options);
}
