import { z } from "zod";
import { netKey } from "../config/keys.ts";
import { parseProperties } from "../config/property-string.ts";
import { macOf } from "../guest.ts";
import { LabError } from "../lab-error.ts";
import type { Guest } from "../world.ts";
import { requireProgram, runProgram } from "./run-program.ts";

/** A network card of a machine: the tap device behind it has the name that Proxmox gives it. */
export interface Card {
  tap: string;
  bridge: string;
  mac: string;
}

const links = z.array(
  z.object({
    ifname: z.string(),
    addr_info: z.array(z.object({ local: z.string().optional() })).default([]),
  }),
);

const ours = /^(vmbr\d+|tap\d+i\d+)$/;

const listLinks = async () =>
  links.parse(JSON.parse(await requireProgram("ip", ["-json", "address", "show"])));

/** @throws LabError `option-invalid` where the lab would change this machine's own network */
export async function requireOwnNamespace(): Promise<void> {
  const foreign = (await listLinks()).find(
    ({ ifname, addr_info }) => ifname !== "lo" && !ours.test(ifname) && addr_info.length > 0,
  );
  if (foreign !== undefined) {
    throw new LabError(
      "option-invalid",
      `machines need a network namespace of their own, and this one has the interface ${foreign.ifname}; ` +
        "for example: sudo unshare --net ./pve-home lab up --machines IMAGE",
    );
  }
}

/** Makes the bridge `vmbr0`, in place of the bridges and taps that a lab left here. */
export async function prepareNetwork(): Promise<void> {
  await removeNetwork();
  await requireProgram("ip", ["link", "set", "lo", "up"]);
  await makeBridge("vmbr0");
}

/** Gives the node another address, for what it serves to the machines. */
export async function addAddress(address: string): Promise<void> {
  await requireProgram("ip", ["address", "replace", `${address}/32`, "dev", "vmbr0"]);
}

/** Takes away what was made. */
export async function removeNetwork(): Promise<void> {
  for (const { ifname } of await listLinks()) {
    if (ours.test(ifname)) await requireProgram("ip", ["link", "delete", ifname]);
  }
}

/** The cards of a guest, in their order. */
export function cardsOf(guest: Guest): Card[] {
  return Object.keys(guest.config)
    .filter((key) => netKey.test(key))
    .sort((one, other) => Number(one.slice(3)) - Number(other.slice(3)))
    .map((key) => ({
      tap: `tap${guest.vmid}i${key.slice(3)}`,
      bridge: parseProperties(String(guest.config[key]), "").get("bridge") ?? "vmbr0",
      mac: (macOf(guest, key) ?? "").toLowerCase(),
    }));
}

/** Makes the taps of a guest on their bridges, and gives the bridges the gateways' addresses. */
export async function connectGuest(guest: Guest): Promise<void> {
  for (const { tap, bridge } of cardsOf(guest)) {
    await makeBridge(bridge);
    await runProgram("ip", ["link", "delete", tap]);
    await requireProgram("ip", ["tuntap", "add", "dev", tap, "mode", "tap"]);
    await requireProgram("ip", ["link", "set", tap, "master", bridge, "up"]);
  }
  for (const { bridge, address } of gatewaysOf(guest)) {
    await requireProgram("ip", ["address", "replace", address, "dev", bridge]);
  }
}

export async function disconnectGuest(guest: Guest): Promise<void> {
  for (const { tap } of cardsOf(guest)) await runProgram("ip", ["link", "delete", tap]);
}

async function makeBridge(name: string): Promise<void> {
  const { code } = await runProgram("ip", ["link", "show", name]);
  if (code !== 0) await requireProgram("ip", ["link", "add", name, "type", "bridge"]);
  await requireProgram("ip", ["link", "set", name, "up"]);
}

/** The gateway of each card with its network's prefix: at home a router has it, here the bridge. */
function gatewaysOf(guest: Guest): { bridge: string; address: string }[] {
  return cardsOf(guest).flatMap(({ bridge }, index) => {
    const key = guest.kind === "qemu" ? `ipconfig${index}` : `net${index}`;
    const parts = parseProperties(String(guest.config[key] ?? ""), "");
    const prefix = /\/(\d+)$/.exec(parts.get("ip") ?? "")?.[1];
    const gateway = parts.get("gw");
    return gateway === undefined || prefix === undefined ? [] : [{ bridge, address: `${gateway}/${prefix}` }];
  });
}
