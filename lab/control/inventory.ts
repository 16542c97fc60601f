import { guestAddress, guestName, tagsOf } from "../guest.ts";
import type { Guest } from "../world.ts";
import type { ControlContext } from "./context.ts";

export interface LabInventory {
  schema_version: 2;
  environment: string;
  domain: null;
  nodes: { name: string; address: string; api_port: number; node_exporter: boolean }[];
  guests: LabInventoryGuest[];
  services: LabInventoryService[];
}

interface LabInventoryService {
  name: string;
  kind: "http";
  guest: string;
  url: string;
  health_path: string;
  host: null;
  port: number;
  scrape: null;
  monitor: boolean;
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
  node_exporter: boolean;
  log_agent: null;
  started: boolean;
  on_boot: boolean;
  tags: string[];
}

/** The inventory that an environment declaring every guest with an address, and what they serve, would have. */
export function labInventory(
  { lab: { world }, apis, guestPort }: Pick<ControlContext, "lab" | "apis" | "guestPort">,
  environment: string,
): LabInventory {
  const declared = Object.values(world.guests)
    .filter((guest) => !guest.template)
    .flatMap((guest) => {
      const address = guestAddress(guest);
      return address === undefined ? [] : [{ guest, address }];
    });
  return {
    schema_version: 2,
    environment,
    domain: null,
    nodes: apis.map(({ node, endpoint }) => {
      const { hostname, port } = new URL(endpoint);
      return { name: node, address: hostname, api_port: Number(port), node_exporter: false };
    }),
    guests: declared.map(({ guest, address }) => inventoryGuest(guest, address, guestPort)),
    services: declared.flatMap(({ guest, address }) =>
      (guest.inside.http ?? []).map((port) => inventoryService(guestName(guest), address, port)),
    ),
  };
}

function inventoryService(guest: string, address: string, port: number): LabInventoryService {
  return {
    name: `${guest}-${port}`,
    kind: "http",
    guest,
    url: `http://${address}:${port}`,
    health_path: "/",
    host: null,
    port,
    scrape: null,
    monitor: true,
  };
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
    node_exporter: false,
    log_agent: null,
    // As an environment would that does not say it: guests are meant to run.
    started: true,
    on_boot: guest.config.onboot === 1,
    tags,
  };
}
