import type { ConfigValue, GuestFirewall } from "../world.ts";
import type { Call, Permission } from "./route.ts";

/** One level of the firewall: where it lives, who may see and change it. */
export interface FirewallLevel {
  base: string;
  read: Permission;
  write: Permission;
  /** `forChange` where something will be written to it. */
  of(call: Call, forChange?: "forChange"): GuestFirewall;
}

const flags = new Set([
  "enable",
  "ebtables",
  "dhcp",
  "ipfilter",
  "macfilter",
  "ndp",
  "radv",
  "nosmurfs",
  "tcpflags",
]);

/** Flags are returned as 1 and 0. */
export function firewallValue(key: string, value: string): ConfigValue {
  return flags.has(key) ? (/^(1|on|yes|true)$/i.test(value) ? 1 : 0) : value;
}
