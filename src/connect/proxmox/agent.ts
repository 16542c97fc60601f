import type { AgentState, CallOptions, GuestRef, ProxmoxClient } from "./types.ts";

export declare function pingAgent(
  client: ProxmoxClient,
  guest: GuestRef,
  options?: CallOptions,
): Promise<AgentState>;

/** The text of a file inside a VM, read by the QEMU agent. */
export declare function readGuestFile(
  client: ProxmoxClient,
  guest: GuestRef & { path: string },
  options?: CallOptions,
): Promise<string>;
