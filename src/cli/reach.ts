import { createProxmoxClient } from "../connect/proxmox/client.ts";
import { version } from "../connect/proxmox/nodes.ts";
import type { ProxmoxClient, ProxmoxConnection } from "../connect/proxmox/types.ts";
import { proxmoxAccess } from "../homelab/proxmox-access.ts";
import { isProblem, type Problem } from "../model/problem.ts";
import type { Opened } from "./check-run.ts";
import type { Io } from "./io.ts";

// What can be missing at a run without making it wrong is a value here: the run goes on and says what is unknown. A
// configuration that is wrong is thrown.

export interface Reached {
  /** With the endpoint that answered: the provider takes one. */
  connection: ProxmoxConnection;
  client: ProxmoxClient;
}

/** The client, or why there is none. Nothing is asked yet. */
export function connectProxmox(io: Io, opened: Opened, timeoutMs: number): Promise<ProxmoxClient | Problem> {
  return orUndetermined(async () => (await openProxmox(io, opened, timeoutMs, "read")).client);
}

/** One call of the API may take this long; plans have their own, longer limit. */
const callLimitMs = 10_000;

/** Asks Proxmox one thing first: the provider needs minutes to say that there is no answer, we need seconds. */
export function reachProxmox(
  io: Io,
  opened: Opened,
  limitMs: number,
  purpose: "read" | "change" = "read",
): Promise<Reached | Problem> {
  return orUndetermined(async () => {
    const { connection, client } = await openProxmox(io, opened, Math.min(limitMs, callLimitMs), purpose);
    await version(client, { signal: io.interrupted });
    return { connection: { ...connection, endpoint: client.endpoint() }, client };
  });
}

async function openProxmox(
  io: Io,
  { configuration }: Opened,
  timeoutMs: number,
  purpose: "read" | "change",
): Promise<Reached> {
  const connection = await proxmoxAccess(configuration, io.env, timeoutMs, purpose);
  return { connection, client: createProxmoxClient(connection, { log: io.log }) };
}

/** A Problem of kind `undetermined` as a value. */
export async function orUndetermined<T>(work: () => Promise<T>): Promise<T | Problem> {
  try {
    return await work();
  } catch (error) {
    if (isProblem(error) && error.kind === "undetermined") return error;
    throw error;
  }
}
