import { guestAddress, guestName, linkLocalAddress, macOf, uniqueLocalAddress } from "../../guest.ts";
import { guestNumbers } from "../../numbers.ts";
import type { Guest } from "../../world.ts";
import type { Privilege } from "../privileges.ts";
import type { Call, Method, Route } from "../route.ts";
import { agentBase, answering, realAgent } from "./agent-guest.ts";

/** Questions to the QEMU guest agent: a machine's own answers, else from the guest's state, never by running anything. */
export const agentRoutes: readonly Route[] = [
  command("POST", "ping", ["VM.GuestAgent.Audit"], () => ({})),
  command("GET", "network-get-interfaces", ["VM.GuestAgent.Audit"], interfaces),
  command("GET", "get-host-name", ["VM.GuestAgent.Audit"], (guest) => ({ "host-name": guestName(guest) })),
  command("GET", "get-osinfo", ["VM.GuestAgent.Audit"], () => ({
    id: "debian",
    name: "Debian GNU/Linux",
    "pretty-name": "Debian GNU/Linux 12 (bookworm)",
    version: "12 (bookworm)",
    "version-id": "12",
    "kernel-release": "6.1.0-40-amd64",
    machine: "x86_64",
  })),
  command("GET", "get-fsinfo", ["VM.GuestAgent.Audit"], (guest, call) => {
    const total = guestNumbers(call.lab.world, guest, call.lab.now()).maxdisk;
    return [
      {
        name: "sda1",
        mountpoint: "/",
        type: "ext4",
        "total-bytes": total,
        "used-bytes": Math.floor(total * 0.3),
        disk: [],
      },
    ];
  }),
  command("GET", "info", ["VM.GuestAgent.Audit"], () => ({ version: "7.2.19", supported_commands: [] })),
];

function command(
  method: Method,
  name: string,
  privileges: readonly Privilege[],
  result: (guest: Guest, call: Call) => unknown,
): Route {
  return {
    method,
    path: `${agentBase}/${name}`,
    permission: { at: "/vms/{vmid}", any: [...privileges, "VM.GuestAgent.Unrestricted"] },
    async handle(call) {
      const guest = answering(call);
      const ask = realAgent(call, guest);
      return { result: ask ? await ask(`guest-${name}`) : result(guest, call) };
    },
  };
}

function interfaces(guest: Guest): unknown {
  const mac = (macOf(guest, "net0") ?? "00:00:00:00:00:00").toLowerCase();
  const address = guestAddress(guest);
  const own = [
    ...(address === undefined ? [] : [ip("ipv4", address, 8)]),
    ip("ipv6", uniqueLocalAddress(guest.vmid), 64),
    ip("ipv6", linkLocalAddress(mac), 64),
  ];
  return [
    {
      name: "lo",
      "hardware-address": "00:00:00:00:00:00",
      "ip-addresses": [ip("ipv4", "127.0.0.1", 8), ip("ipv6", "::1", 128)],
    },
    { name: "eth0", "hardware-address": mac, "ip-addresses": own },
  ];
}

function ip(type: "ipv4" | "ipv6", address: string, prefix: number): Record<string, unknown> {
  return { "ip-address-type": type, "ip-address": address, prefix };
}
