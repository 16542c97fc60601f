import { createHash } from "node:crypto";
import { guestName } from "../guest.ts";
import type { Guest, HostKey, LabNode } from "../world.ts";
import type { SshContext } from "./context.ts";
import { guestFiles } from "./files/guest-files.ts";
import { nodeFiles } from "./files/node-files.ts";
import type { FileTree } from "./files/tree.ts";

interface Common {
  /** `qemu/101`, `lxc/102` or `node/pve1`. */
  name: string;
  /** What faults call it: the vmid or the node's name. */
  target: string;
  hostname: string;
  hostKey: HostKey;
  /** Milliseconds since the epoch. */
  bootedAt: number;
  /** The user who logs in with the keys of the configuration. */
  defaultUser: string;
  files: FileTree;
  context: SshContext;
}

export interface GuestMachine extends Common {
  kind: "guest";
  guest: Guest;
}

export interface NodeMachine extends Common {
  kind: "node";
  node: LabNode;
}

/** Something that can be logged in to, as it is at this moment; made afresh for every command. */
export type Machine = GuestMachine | NodeMachine;

/** The guest as a machine. Its image is Debian's, so the user of a VM without `ciuser` is `debian`. */
export function guestMachine(context: SshContext, guest: Guest): GuestMachine {
  const defaultUser = guest.kind === "lxc" ? "root" : String(guest.config.ciuser ?? "debian");
  const common = {
    name: `${guest.kind}/${guest.vmid}`,
    target: String(guest.vmid),
    hostname: guestName(guest),
    hostKey: guest.inside.hostKey,
    bootedAt: guest.bootedAt ?? Date.now(),
    defaultUser,
    context,
  };
  const files = guestFiles(guest, virtualFiles(common, "12 (bookworm)"), defaultUser, context.changed);
  return { kind: "guest", guest, ...common, files };
}

export function nodeMachine(context: SshContext, node: LabNode): NodeMachine {
  const common = {
    name: `node/${node.name}`,
    target: node.name,
    hostname: node.name,
    hostKey: node.hostKey,
    bootedAt: node.bootedAt,
    defaultUser: "root",
    context,
  };
  const keys = () => `${node.authorizedKeys.join("\n")}\n`;
  const virtual = { ...virtualFiles(common, "13 (trixie)"), "/root/.ssh/authorized_keys": keys };
  return { kind: "node", node, ...common, files: nodeFiles(context, virtual) };
}

/** Seconds since the machine was started. */
export function uptimeSeconds(machine: Machine): number {
  return Math.max(0, (Date.now() - machine.bootedAt) / 1000);
}

export function homeOf(user: string): string {
  return user === "root" ? "/root" : `/home/${user}`;
}

/** Files that every machine has from the start; `/proc` cannot be written over. */
export type VirtualFiles = Record<string, () => string>;

/** `release` is Debian's: the cloud image is 12, Proxmox VE 9 is built on 13. */
function virtualFiles(machine: Omit<Common, "files">, release: string): VirtualFiles {
  const uptime = () => Math.max(0, (Date.now() - machine.bootedAt) / 1000).toFixed(2);
  return {
    "/proc/uptime": () => `${uptime()} ${uptime()}\n`,
    "/proc/loadavg": () => "0.00 0.00 0.00 1/80 1000\n",
    "/proc/sys/kernel/random/boot_id": () => `${bootId(machine)}\n`,
    "/proc/sys/kernel/hostname": () => `${machine.hostname}\n`,
    "/etc/hostname": () => `${machine.hostname}\n`,
    "/etc/os-release": () => osRelease(release),
    "/etc/ssh/ssh_host_ed25519_key.pub": () => `${machine.hostKey.publicKey} root@${machine.hostname}\n`,
  };
}

/** A UUID that changes with every boot, as the kernel's does. */
function bootId(machine: Pick<Common, "name" | "bootedAt">): string {
  const hex = createHash("sha256").update(`${machine.name} ${machine.bootedAt}`).digest("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join("-");
}

function osRelease(release: string): string {
  const [version, codename = ""] = release.replace(/[()]/g, "").split(" ");
  return `PRETTY_NAME="Debian GNU/Linux ${release}"
NAME="Debian GNU/Linux"
VERSION_ID="${version}"
VERSION="${release}"
VERSION_CODENAME=${codename}
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`;
}
