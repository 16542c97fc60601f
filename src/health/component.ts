import type { GuestKind } from "../model/guest-kind.ts";
import type { Guest, Inventory, Service } from "../model/inventory.ts";

/** An address of the Proxmox API, where there are several. */
export interface ApiComponent {
  type: "api";
  /** `192.168.1.10:8006` */
  name: string;
  endpoint: string;
}

/** A node that the inventory names. */
export interface NodeComponent {
  type: "node";
  name: string;
}

/** A guest that the inventory declares. */
export interface GuestComponent {
  type: GuestKind;
  name: string;
  guest: Guest;
}

/** A service that the inventory declares. */
export interface ServiceComponent {
  type: "service";
  name: string;
  service: Service;
  /** The declared guest that it runs on; undefined where it runs elsewhere. */
  host: Guest | undefined;
}

/** What there are checks for, and what each of them is handed: a check is of one subject. */
export interface Subjects {
  api: ApiComponent;
  node: NodeComponent;
  guest: GuestComponent;
  service: ServiceComponent;
}

/** Something that has a health; `type` is what `--component` and `--exclude` call its kind. */
export type Component = Subjects[keyof Subjects];

const everyKind = { api: true, node: true, vm: true, lxc: true, service: true } satisfies Record<
  Component["type"],
  true
>;

/** Every kind that can be asked for; a homelab need not have a component of each. */
export const kinds: readonly string[] = Object.keys(everyKind);

export function isGuest(component: Component): component is GuestComponent {
  return component.type === "vm" || component.type === "lxc";
}

/** The declared guest without which the component cannot answer: itself, or the one that it runs on. */
export function guestBehind(component: Component): Guest | undefined {
  switch (component.type) {
    case "vm":
    case "lxc":
      return component.guest;
    case "service":
      return component.host;
    case "api":
    case "node":
      return undefined;
  }
}

/**
 * The components of an environment in the order of their rows: endpoints of the API where there are several, then
 * nodes, guests and services as declared.
 */
export function componentsOf(inventory: Inventory, endpoints: readonly string[] = []): Component[] {
  const { nodes, guests, services } = inventory;
  const apis = endpoints.map((endpoint): ApiComponent => {
    return { type: "api", name: new URL(endpoint).host, endpoint };
  });
  return [
    ...(apis.length > 1 ? apis : []),
    ...nodes.map(({ name }): NodeComponent => ({ type: "node", name })),
    ...guests.map((guest): GuestComponent => ({ type: guest.type, name: guest.name, guest })),
    ...services.map((service): ServiceComponent => {
      const host = guests.find(({ name }) => name === service.guest);
      return { type: "service", name: service.name, service, host };
    }),
  ];
}
