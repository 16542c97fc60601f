import type { CallOptions, GuestRef, GuestStatus, ProxmoxClient } from "./types.ts";

export declare function listGuests(client: ProxmoxClient, options?: CallOptions): Promise<GuestStatus[]>;

export declare function guestConfig(
  client: ProxmoxClient,
  guest: GuestRef & Pick<GuestStatus, "type">,
  options?: CallOptions,
): Promise<Record<string, string | number>>;
