import { z } from "zod";
import type { CallOptions, GuestRef, GuestStatus, ProxmoxClient } from "./types.ts";
import { flag, number, segment } from "./values.ts";

const guestRow = z
  .object({
    vmid: number,
    type: z.enum(["qemu", "lxc"]),
    node: z.string(),
    name: z.string().optional(),
    status: z.string().optional(),
    template: flag.optional(),
    uptime: number.optional(),
    lock: z.string().optional(),
    tags: z.string().optional(),
  })
  .transform(
    (row): GuestStatus => ({
      vmid: row.vmid,
      type: row.type === "qemu" ? "vm" : "lxc",
      // The name is missing while the node of the guest does not answer.
      name: row.name ?? String(row.vmid),
      node: row.node,
      status: knownStatuses.find((known) => known === row.status) ?? "unknown",
      template: row.template ?? false,
      uptime: row.uptime ?? 0,
      lock: row.lock === "" ? undefined : row.lock,
      tags: (row.tags ?? "").split(/[;,\s]+/).filter((tag) => tag !== ""),
    }),
  );

const knownStatuses = ["running", "stopped", "paused", "suspended"] as const;

/**
 * Every guest of the cluster that the token may see (VM.Audit): Proxmox leaves the others out without an error, so
 * that a token without rights gets an empty list and no error.
 */
export function listGuests(client: ProxmoxClient, options: CallOptions = {}): Promise<GuestStatus[]> {
  const query = { ...options.query, type: "vm" };
  return client.get("cluster/resources", z.array(guestRow), { ...options, query });
}

/** The stored configuration: `memory`, `net0`, …, as Proxmox writes it. */
export function guestConfig(
  client: ProxmoxClient,
  guest: GuestRef & Pick<GuestStatus, "type">,
  options: CallOptions = {},
): Promise<Record<string, string | number>> {
  const kind = guest.type === "vm" ? "qemu" : "lxc";
  return client.get(`nodes/${segment(guest.node)}/${kind}/${guest.vmid}/config`, configSchema, options);
}

// A container's `lxc` key is a list of pairs; it is of no use as a value, and left out.
const configSchema = z
  .record(z.string(), z.unknown())
  .transform((config) =>
    Object.fromEntries(
      Object.entries(config).filter((entry): entry is [string, string | number] =>
        ["string", "number"].includes(typeof entry[1]),
      ),
    ),
  );
