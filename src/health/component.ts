import type { GuestKind } from "../model/guest-kind.ts";
import type { Guest, Inventory } from "../model/inventory.ts";

/** A guest that the inventory declares. */
export interface GuestComponent {
  type: GuestKind;
  name: string;
  guest: Guest;
}

/** A node that at least one declared guest lives on. */
export interface NodeComponent {
  type: "node";
  name: string;
}

/** An address of the Proxmox API, where there are several. */
export interface ApiComponent {
  type: "api";
  /** `192.168.1.10:8006` */
  name: string;
  endpoint: string;
}

/** Something that has a health; `type` is what `--component` and `--exclude` call its kind. */
export type Component = GuestComponent | NodeComponent | ApiComponent;

/** Every kind that can be asked for; a homelab need not have a component of each. */
export const kinds = ["api", "node", "vm", "lxc", "monitoring", "minio"] as const;

export function isGuest(component: Component): component is GuestComponent {
  return component.type === "vm" || component.type === "lxc";
}

export function isNode(component: Component): component is NodeComponent {
  return component.type === "node";
}

export function isApi(component: Component): component is ApiComponent {
  return component.type === "api";
}

/**
 * The components of an environment in the order of their rows: endpoints of the API where there are several, nodes as
 * first named, then guests as declared.
 */
export function componentsOf(inventory: Inventory, endpoints: readonly string[] = []): Component[] {
  const nodes = new Set(inventory.guests.map((guest) => guest.node));
  const apis = endpoints.map((endpoint): ApiComponent => {
    return { type: "api", name: new URL(endpoint).host, endpoint };
  });
  return [
    ...(apis.length > 1 ? apis : []),
    ...[...nodes].map((name): NodeComponent => ({ type: "node", name })),
    ...inventory.guests.map((guest): GuestComponent => ({ type: guest.type, name: guest.name, guest })),
  ];
}
