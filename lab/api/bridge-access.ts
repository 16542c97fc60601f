import { parseProperties } from "../config/property-string.ts";
import type { GuestKind } from "../world.ts";
import { type Call, requirePrivileges } from "./route.ts";

/**
 * Checks that the caller may use the bridge of a network card: with a VLAN tag or trunks those alone, else all of it.
 * Source: PVE::GuestHelpers, check_vnet_access.
 * @throws ApiError 403
 */
export function requireBridge(call: Call, kind: GuestKind, card: string): void {
  if (call.who.name === "root@pam") return;
  const parts = parseProperties(card, kind === "qemu" ? "model" : "name");
  const bridge = parts.get("bridge");
  if (bridge === undefined) return;
  const path = `/sdn/zones/localnetwork/${bridge}`;
  const tag = parts.get("tag");
  const vlans = [...(tag === undefined ? [] : [tag]), ...(parts.get("trunks")?.split(";") ?? [])];
  for (const vlan of vlans) requirePrivileges(call, `${path}/${vlan}`, ["SDN.Use"]);
  if (vlans.length === 0) requirePrivileges(call, path, ["SDN.Use"]);
}
