import { newMac } from "../guest.ts";
import type { GuestKind } from "../world.ts";
import { parseProperties, printProperties } from "./property-string.ts";

const models = ["virtio", "e1000", "e1000e", "rtl8139", "vmxnet3", "ne2k_pci", "ne2k_isa", "pcnet", "i82551"];

/** A VM's card as Proxmox stores it: `virtio=BC:24:11:…,bridge=vmbr0,…`; a missing MAC is made up. */
export function vmCard(text: string): string {
  const parts = parseProperties(text, "model");
  const keyed = models.find((model) => parts.has(model));
  const model = keyed ?? parts.get("model") ?? "virtio";
  const mac = (keyed === undefined ? parts.get("macaddr") : parts.get(keyed)) ?? newMac();
  for (const key of ["model", "macaddr", model]) parts.delete(key);
  return printProperties(new Map([[model, mac.toUpperCase()], ...parts]));
}

/** A container's card: `name=eth0,bridge=…,hwaddr=…,…,type=veth`. */
export function containerCard(text: string): string {
  const parts = parseProperties(text, "name");
  const mac = (parts.get("hwaddr") ?? newMac()).toUpperCase();
  parts.set("hwaddr", mac);
  parts.set("type", "veth");
  return printProperties(parts);
}

/** The card of a guest of this kind. */
export function cardOf(kind: GuestKind, text: string): string {
  return kind === "qemu" ? vmCard(text) : containerCard(text);
}
