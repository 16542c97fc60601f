import { z } from "zod";
import { guestKinds } from "./guest-kind.ts";
import { wellFormed } from "./text.ts";

// The output `inventory` of an environment. docs/inventory.schema.json says the same for other programs;
// a test holds the two together.

const text = wellFormed.min(1, "must not be empty");

// The patterns go into the JSON Schema, which knows no flags. This one: all but slashes and control characters.
const guestName = wellFormed.regex(
  /^[ -.0-[\]-~\u00a0-\uffff]+$/,
  "must not be empty, and have no slashes and control characters",
);

/** Files and folders are named after it. */
const environmentName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, "must be letters, digits, - and _, and begin with a letter or digit");

export const guestSchema = z.strictObject({
  name: guestName,
  type: z.enum(guestKinds),
  vmid: z.int().min(100),
  node: text,
  /** Without a prefix length; null where it comes from DHCP and is not known. */
  address: text.nullable(),
  ssh_user: text,
  ssh_port: z.int().min(1).max(65535),
  /** Whether the Docker service is meant to run. */
  docker: z.boolean(),
  /** Whether the QEMU guest agent is meant to answer; false for containers. */
  agent: z.boolean(),
  on_boot: z.boolean(),
  tags: z.array(z.string()),
});

const serviceSchema = z.strictObject({
  name: text,
  kind: text,
  guest: z.string().nullable(),
  url: text,
  health_path: z.string().nullable(),
});

export const inventorySchema = z
  .strictObject({
    schema_version: z.literal(1),
    environment: environmentName,
    guests: z.array(guestSchema),
    services: z.array(serviceSchema),
  })
  .superRefine(({ guests }, context) => {
    for (const key of unique) {
      const seen = new Map<string, Guest>();
      for (const [index, guest] of guests.entries()) {
        const value = identity(guest, key);
        const first = value === undefined ? undefined : seen.get(value);
        if (value !== undefined) seen.set(value, first ?? guest);
        if (first === undefined) continue;
        const message = `is declared twice, by ${named(first)} and ${named(guest)}`;
        context.addIssue({ code: "custom", path: ["guests", index, key], message });
      }
    }
  });

export type Guest = z.infer<typeof guestSchema>;
export type Inventory = z.infer<typeof inventorySchema>;

/** What only one guest can have: results, keys and connections are told apart by it. */
const unique = ["name", "vmid", "address"] as const;

function identity(guest: Guest, key: (typeof unique)[number]): string | undefined {
  if (key !== "address") return String(guest[key]);
  return guest.address === null ? undefined : `[${guest.address.toLowerCase()}]:${guest.ssh_port}`;
}

function named({ name, vmid }: Guest): string {
  return `${name} (${vmid})`;
}
