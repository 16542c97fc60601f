import { z } from "zod";
import { environmentName, guestSchema, type Inventory, inventorySchema, serviceSchema } from "./inventory.ts";

const firstVersion = z.strictObject({
  schema_version: z.literal(1),
  environment: environmentName,
  guests: z.array(guestSchema.omit({ node_exporter: true, log_agent: true, started: true })),
  services: z.array(
    serviceSchema.omit({ address: true, host: true, port: true, scrape: true, monitor: true }),
  ),
});

/** Proxmox's own, which cannot be changed on a node. */
const apiPort = 8006;

/** What version 1 did not say is what is sure: no metrics, no logs, no names; nodes are those of guests. */
function upgraded({ environment, guests, services }: z.infer<typeof firstVersion>): Inventory {
  const nodes = new Set(guests.map(({ node }) => node));
  return {
    schema_version: 2,
    environment,
    domain: null,
    nodes: [...nodes].map((name) => ({ name, address: null, api_port: apiPort, node_exporter: false })),
    guests: guests.map((guest) => ({ ...guest, node_exporter: false, log_agent: null, started: true })),
    services: services.map((service) => ({
      ...service,
      host: null,
      port: portOf(new URL(service.url)),
      scrape: null,
      monitor: true,
    })),
  };
}

function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === "https:" ? 443 : 80));
}

/** An inventory as another release or a person may have written it: version 1 or 2. What comes out is version 2. */
export const anyInventorySchema = z.discriminatedUnion(
  "schema_version",
  [inventorySchema, firstVersion.transform(upgraded).pipe(inventorySchema)],
  { error: "must be schema version 1 or 2" },
);
