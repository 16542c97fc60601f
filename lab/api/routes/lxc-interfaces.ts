import { parseProperties } from "../../config/property-string.ts";
import { guestAddress, linkLocalAddress, macOf, uniqueLocalAddress } from "../../guest.ts";
import { guestOf } from "../guests.ts";
import type { Call, Route } from "../route.ts";

export const lxcInterfaceRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "nodes/{node}/lxc/{vmid}/interfaces",
    permission: { at: "/vms/{vmid}", all: ["VM.Audit"] },
    handle: interfaces,
  },
];

// The types are inet and inet6 here, unlike the agent's ipv4 and ipv6 (PVE::LXC, get_interfaces).
function interfaces(call: Call): unknown {
  const guest = guestOf(call, "lxc");
  if (guest.status !== "running") return null;
  const mac = (macOf(guest, "net0") ?? "00:00:00:00:00:00").toLowerCase();
  const address = guestAddress(guest);
  const name = parseProperties(String(guest.config.net0 ?? ""), "").get("name") ?? "eth0";
  const own = [
    ...(address === undefined ? [] : [ip("inet", address, 8)]),
    ip("inet6", uniqueLocalAddress(guest.vmid), 64),
    ip("inet6", linkLocalAddress(mac), 64),
  ];
  return [
    row("lo", "00:00:00:00:00:00", [ip("inet", "127.0.0.1", 8), ip("inet6", "::1", 128)]),
    row(name, mac, own),
  ];
}

type Address = ReturnType<typeof ip>;

function ip(type: "inet" | "inet6", address: string, prefix: number) {
  return { "ip-address": address, "ip-address-type": type, prefix: String(prefix) };
}

function row(name: string, mac: string, addresses: Address[]): Record<string, unknown> {
  const first = (type: string) => addresses.find((address) => address["ip-address-type"] === type);
  const text = (type: string) => {
    const found = first(type);
    return found && `${found["ip-address"]}/${found.prefix}`;
  };
  return {
    name,
    hwaddr: mac,
    "hardware-address": mac,
    "ip-addresses": addresses,
    inet: text("inet"),
    inet6: text("inet6"),
  };
}
