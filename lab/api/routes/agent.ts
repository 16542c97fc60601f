import { hasFault } from "../../core.ts";
import {
  guestAddress,
  guestName,
  guestReady,
  linkLocalAddress,
  macOf,
  uniqueLocalAddress,
} from "../../guest.ts";
import { guestNumbers } from "../../numbers.ts";
import type { Guest } from "../../world.ts";
import { failure } from "../errors.ts";
import { guestOf } from "../guests.ts";
import type { Privilege } from "../privileges.ts";
import type { Call, Method, Route } from "../route.ts";

const base = "nodes/{node}/qemu/{vmid}/agent";

/** Answers of the QEMU guest agent: from the guest's state, never by running anything. */
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
  {
    method: "GET",
    path: `${base}/file-read`,
    permission: { at: "/vms/{vmid}", any: ["VM.GuestAgent.FileRead", "VM.GuestAgent.Unrestricted"] },
    handle: (call) => fileRead(call, answering(call)),
  },
];

function command(
  method: Method,
  name: string,
  privileges: readonly Privilege[],
  result: (guest: Guest, call: Call) => unknown,
): Route {
  return {
    method,
    path: `${base}/${name}`,
    permission: { at: "/vms/{vmid}", any: [...privileges, "VM.GuestAgent.Unrestricted"] },
    handle: (call) => ({ result: result(answering(call), call) }),
  };
}

// The three refusals of assert_agent_available in PVE::QemuServer::Agent.
function answering(call: Call): Guest {
  const guest = guestOf(call, "qemu");
  const { world, now } = call.lab;
  if (guest.config.agent === undefined) throw failure("No QEMU guest agent configured");
  if (guest.status !== "running") throw failure(`VM ${guest.vmid} is not running`);
  const silent = hasFault(world, "agent-silent", guest.vmid) || guest.inside.agent !== "running";
  if (silent || !guestReady(world, guest, now())) throw failure("QEMU guest agent is not running");
  return guest;
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

// {content, truncated?} directly in data, as PVE::API2::Qemu::Agent file-read returns it.
function fileRead(call: Call, guest: Guest): unknown {
  const file = call.input.required("file");
  const content = guestFile(guest, file);
  if (content === undefined) {
    throw failure(`Agent error: failed to open file '${file}' (mode: 'r'): No such file or directory`);
  }
  return { content, "bytes-read": Buffer.byteLength(content), truncated: 0 };
}

function guestFile(guest: Guest, file: string): string | undefined {
  if (file === "/etc/ssh/ssh_host_ed25519_key.pub") {
    return `${guest.inside.hostKey.publicKey} root@${guestName(guest)}\n`;
  }
  if (file === "/etc/hostname") return `${guestName(guest)}\n`;
  return guest.inside.files[file];
}
