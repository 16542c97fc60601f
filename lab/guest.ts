import { createHash, randomBytes, randomUUID } from "node:crypto";
import { parseProperties, printProperties } from "./config/property-string.ts";
import { hasFault } from "./core.ts";
import { generateHostKey } from "./host-key.ts";
import type { ConfigValue, Guest, GuestInside, GuestKind, World } from "./world.ts";

/** Seconds from power-on until SSH and the agent answer, unless it is set. */
const defaultBootSeconds = 1;

/** A new guest as Proxmox makes one: stopped, with its own host key; nothing is put into the world. */
export function newGuest(
  vmid: number,
  node: string,
  kind: GuestKind,
  config: Record<string, ConfigValue> = {},
): Guest {
  return {
    vmid,
    node,
    kind,
    template: false,
    status: "stopped",
    config,
    snapshots: {},
    firewall: { options: {}, rules: [] },
    inside: newInside(kind, config),
  };
}

/** The inside of a freshly installed guest. */
export function newInside(kind: GuestKind, config: Record<string, ConfigValue>): GuestInside {
  return {
    hostKey: generateHostKey(),
    docker: tagsOf(config).includes("docker") ? "active" : "absent",
    agent: kind === "qemu" ? "running" : "absent",
    bootSeconds: defaultBootSeconds,
    files: {},
  };
}

/** Power on, now (milliseconds since the epoch). Nothing happens to a running guest. */
export function powerOn(guest: Guest, now: number): void {
  if (guest.status === "running") return;
  guest.status = "running";
  guest.bootedAt = now;
  guest.pid = 10_000 + guest.vmid;
}

export function powerOff(guest: Guest): void {
  guest.status = "stopped";
  delete guest.bootedAt;
  delete guest.pid;
}

/** Whether the guest has booted: SSH and the agent answer. */
export function guestReady(world: World, guest: Guest, now: number): boolean {
  if (guest.status !== "running" || guest.bootedAt === undefined) return false;
  if (hasFault(world, "booting", guest.vmid)) return false;
  return now >= guest.bootedAt + guest.inside.bootSeconds * 1000;
}

/** The IPv4 address of the guest's first network card, without prefix; undefined where it has none. */
export function guestAddress(guest: Guest): string | undefined {
  const key = guest.kind === "qemu" ? "ipconfig0" : "net0";
  const text = guest.config[key];
  if (text === undefined) return undefined;
  const ip = parseProperties(String(text), "").get("ip");
  if (ip === "dhcp") return `127.64.${(guest.vmid >> 8) & 255}.${guest.vmid & 255}`;
  return ip === undefined || ip === "manual" ? undefined : ip.split("/")[0];
}

/** The unique local IPv6 address that the guest reports beside the declared one. */
export function uniqueLocalAddress(vmid: number): string {
  return `fd6c:6162:${(vmid >>> 16).toString(16)}::${(vmid & 0xffff).toString(16)}`;
}

/** The link-local address that the kernel derives from a MAC (EUI-64). */
export function linkLocalAddress(mac: string): string {
  const bytes = mac.split(":").map((part) => Number.parseInt(part, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  return `fe80::${groups.map((group) => group.toString(16)).join(":")}`;
}

/** A new MAC in Proxmox's own range, upper case. */
export function newMac(): string {
  const tail = [...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase());
  return ["BC", "24", "11", ...tail].join(":");
}

/** The MAC of one network card of a configuration; undefined where there is no such card. */
export function macOf(guest: Guest, card: string): string | undefined {
  const text = guest.config[card];
  if (text === undefined) return undefined;
  const parts = parseProperties(String(text), "");
  const found = parts.get("hwaddr") ?? [...parts.values()].find((value) => /^([0-9A-F]{2}:){5}/i.test(value));
  return found?.toUpperCase();
}

/** A network card with another MAC: what a clone gets. */
export function withNewMac(kind: GuestKind, text: string): string {
  const parts = parseProperties(text, "");
  const key =
    kind === "lxc"
      ? "hwaddr"
      : [...parts].find(([, value]) => /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/i.test(value))?.[0];
  if (key !== undefined) parts.set(key, newMac());
  return printProperties(parts);
}

/** What Proxmox draws for every new VM: SMBIOS and generation UUIDs, and when it was made. */
export function newIdentity(now: number): Record<"smbios1" | "vmgenid" | "meta", string> {
  return {
    smbios1: `uuid=${randomUUID()}`,
    vmgenid: randomUUID(),
    meta: `creation-qemu=10.1.2,ctime=${Math.floor(now / 1000)}`,
  };
}

/** Tags of a configuration. */
export function tagsOf(config: Record<string, ConfigValue>): string[] {
  return String(config.tags ?? "")
    .split(/[;, ]+/)
    .filter(Boolean);
}

/** The name that Proxmox shows: `name` of a VM, `hostname` of a container. */
export function guestName(guest: Guest): string {
  const name = guest.kind === "qemu" ? guest.config.name : guest.config.hostname;
  return name === undefined ? `${guest.kind === "qemu" ? "VM" : "CT"}${guest.vmid}` : String(name);
}

/** The lock shown, with the one of the fault `backup-lock`. */
export function lockOf(world: World, guest: Guest): string | undefined {
  return guest.lock ?? (hasFault(world, "backup-lock", guest.vmid) ? "backup" : undefined);
}

/** The digest of a configuration, as `GET …/config` carries it. */
export function digestOf(config: Record<string, ConfigValue>): string {
  return createHash("sha1").update(JSON.stringify(config)).digest("hex");
}
