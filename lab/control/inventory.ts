import { guestAddress, guestName, tagsOf } from "../guest.ts";
import type { Guest, World } from "../world.ts";

export interface LabInventory {
  schema_version: 1;
  environment: string;
  guests: LabInventoryGuest[];
  services: [];
}

export interface LabInventoryGuest {
  name: string;
  type: "vm" | "lxc";
  vmid: number;
  node: string;
  address: string;
  ssh_user: string;
  ssh_port: number;
  docker: boolean;
  agent: boolean;
  on_boot: boolean;
  tags: string[];
}

/** The inventory that an environment declaring every guest with an address would have. */
export function labInventory(world: World, environment: string, sshPort: number): LabInventory {
  const guests = Object.values(world.guests)
    .filter((guest) => !guest.template)
    .flatMap((guest) => {
      const address = guestAddress(guest);
      return address === undefined ? [] : [inventoryGuest(guest, address, sshPort)];
    });
  return { schema_version: 1, environment, guests, services: [] };
}

function inventoryGuest(guest: Guest, address: string, sshPort: number): LabInventoryGuest {
  const tags = tagsOf(guest.config);
  return {
    name: guestName(guest),
    type: guest.kind === "qemu" ? "vm" : "lxc",
    vmid: guest.vmid,
    node: guest.node,
    address,
    ssh_user: guest.kind === "qemu" ? String(guest.config.ciuser ?? "debian") : "root",
    ssh_port: sshPort,
    docker: tags.includes("docker"),
    agent: guest.kind === "qemu" && /(^|,)(enabled=)?1/.test(String(guest.config.agent ?? "")),
    on_boot: guest.config.onboot === 1,
    tags,
  };
}
