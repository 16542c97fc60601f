import type { Guest, Inventory } from "../model/inventory.ts";

/** A guest that the inventory declares. */
export interface GuestComponent {
  type: "vm" | "lxc";
  name: string;
  guest: Guest;
}

/** A node that at least one declared guest lives on. */
export interface NodeComponent {
  type: "node";
  name: string;
}

/** Something that has a health; `type` is what `--component` and `--exclude` call its kind. */
export type Component = GuestComponent | NodeComponent;

/** Every kind that can be asked for; a homelab need not have a component of each. */
export const kinds = ["node", "vm", "lxc", "monitoring", "minio"] as const;

export function isGuest(component: Component): component is GuestComponent {
  return component.type !== "node";
}

export function isNode(component: Component): component is NodeComponent {
  return component.type === "node";
}

/** The components of an environment in the order of their rows: nodes as first named, then guests as declared. */
export function componentsOf(inventory: Inventory): Component[] {
  const nodes = new Set(inventory.guests.map((guest) => guest.node));
  return [
    ...[...nodes].map((name): NodeComponent => ({ type: "node", name })),
    ...inventory.guests.map((guest): GuestComponent => ({ type: guest.type, name: guest.name, guest })),
  ];
}
