import { z } from "zod";

// The output `inventory` of an environment. docs/inventory.schema.json says the same for other programs;
// a test holds the two together.

export const guestSchema = z.strictObject({
  name: z.string().min(1),
  type: z.enum(["vm", "lxc"]),
  vmid: z.int().min(100),
  node: z.string().min(1),
  /** Without a prefix length; null where DHCP gives it and nobody has said what it is. */
  address: z.string().min(1).nullable(),
  ssh_user: z.string().min(1),
  ssh_port: z.int().min(1).max(65535),
  /** Whether the Docker service is meant to run. */
  docker: z.boolean(),
  /** Whether the QEMU guest agent is meant to answer; false for containers. */
  agent: z.boolean(),
  on_boot: z.boolean(),
  tags: z.array(z.string()),
});

const serviceSchema = z.strictObject({
  name: z.string().min(1),
  kind: z.string().min(1),
  guest: z.string().nullable(),
  url: z.string().min(1),
  health_path: z.string().nullable(),
});

export const inventorySchema = z.strictObject({
  schema_version: z.literal(1),
  environment: z.string().min(1),
  guests: z.array(guestSchema),
  services: z.array(serviceSchema),
});

export type Guest = z.infer<typeof guestSchema>;
export type Inventory = z.infer<typeof inventorySchema>;
