import { z } from "zod";
import { guestKinds } from "./guest-kind.ts";
import { wellFormed } from "./text.ts";

// The output `inventory` of an environment. docs/inventory.schema.json says the same for other programs;
// a test holds the two together. What each field is for is said there.

const text = wellFormed.min(1, "must not be empty");
const port = z.int().min(1).max(65535);

// The patterns go into the JSON Schema, which knows no flags. This one: all but slashes and control characters.
const guestName = wellFormed.regex(
  /^[ -.0-[\]-~\u00a0-\uffff]+$/,
  "must not be empty, and have no slashes and control characters",
);

/** Files and folders are named after it. */
export const environmentName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, "must be letters, digits, - and _, and begin with a letter or digit");

const hostLabel = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "must be lower-case letters, digits and - (at most 63)");

/** With a user or a password in it, it would be a secret that every report shows. */
const serviceUrl = z
  .string()
  .regex(
    /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/,
    "must be an http or https address without user, query and fragment",
  )
  .refine((url) => URL.canParse(url), "must be an address");

const pathOfUrl = z.string().regex(/^\/[^\s#]*$/, "must begin with a slash");

const nodeSchema = z.strictObject({
  name: text,
  /** Where its API and its node-exporter answer; null where the environment does not say it. */
  address: text.nullable(),
  api_port: port,
  /** Whether node-exporter is meant to run on it. */
  node_exporter: z.boolean(),
});

export const guestSchema = z.strictObject({
  name: guestName,
  type: z.enum(guestKinds),
  vmid: z.int().min(100),
  node: text,
  /** Without a prefix length; null where DHCP gives it and it has not been reported yet. */
  address: text.nullable(),
  ssh_user: text,
  ssh_port: port,
  /** Whether the Docker service is meant to run. */
  docker: z.boolean(),
  /** Whether the QEMU guest agent is meant to answer; false for containers. */
  agent: z.boolean(),
  /** Whether node-exporter is meant to run, on port 9100. */
  node_exporter: z.boolean(),
  /** Which program is meant to send its logs to Loki; null for none. */
  log_agent: z.enum(["promtail", "alloy"]).nullable(),
  /** Whether it is to run; health does not expect a guest to that is declared as stopped. */
  started: z.boolean(),
  on_boot: z.boolean(),
  tags: z.array(z.string()),
});

export const serviceSchema = z.strictObject({
  name: text,
  kind: text,
  /** Name of a guest of this inventory; null where it runs elsewhere. */
  guest: z.string().nullable(),
  /** Base address, which health and monitors ask. */
  url: serviceUrl,
  /** Where the host of `url` is asked, whatever DNS says: at its reverse proxy. Left out or null: where DNS says. */
  address: text.nullish(),
  /** Below `url`; answers 200 while the service is well. null: any answer below 500 of `url` is well. */
  health_path: pathOfUrl.nullable(),
  /** Its name below `domain`, for the route and the DNS record; null for none. */
  host: hostLabel.nullable(),
  /** Where the service itself listens: at its guest's address, else at the host of `url`. Routes lead there. */
  port,
  /** Where Prometheus reads its metrics, by plain HTTP at the same address; null for nowhere. */
  scrape: z.strictObject({ path: pathOfUrl, port, job: text }).nullable(),
  /** Whether Uptime Kuma watches it. */
  monitor: z.boolean(),
});

export const inventorySchema = z
  .strictObject({
    schema_version: z.literal(2),
    environment: environmentName,
    /** Below which Traefik, a service of kind `traefik`, names the services of all environments; null without one here. */
    domain: text.nullable(),
    nodes: z.array(nodeSchema),
    guests: z.array(guestSchema),
    services: z.array(serviceSchema),
  })
  .superRefine(({ nodes, guests, services }, context) => {
    const twice = <T>(list: "nodes" | "guests" | "services", items: readonly T[], one: Identity<T>) => {
      const seen = new Map<string, T>();
      for (const [index, item] of items.entries()) {
        const value = one.of(item);
        const first = value === null ? undefined : seen.get(value);
        if (value !== null) seen.set(value, first ?? item);
        if (first === undefined) continue;
        const message = `is declared twice, by ${one.told(first)} and ${one.told(item)}`;
        context.addIssue({ code: "custom", path: [list, index, one.key], message });
      }
    };
    for (const key of ["name", "vmid", "address"] as const) {
      twice("guests", guests, { key, of: (guest) => identity(guest, key), told: named });
    }
    twice("nodes", nodes, { key: "name", of: ({ name }) => name, told: ({ name }) => name });
    for (const key of ["name", "host"] as const) {
      twice("services", services, { key, of: (service) => service[key], told: ({ name }) => name });
    }
    for (const [index, { guest }] of services.entries()) {
      if (guest === null || guests.some(({ name }) => name === guest)) continue;
      const message = `must be a guest of this inventory, or null; there is no guest ${guest}`;
      context.addIssue({ code: "custom", path: ["services", index, "guest"], message });
    }
  });

export type Guest = z.infer<typeof guestSchema>;
export type Service = z.infer<typeof serviceSchema>;
export type Inventory = z.infer<typeof inventorySchema>;

/** The address that answers while the service is well. */
export function healthAddress({ url, health_path: path }: Pick<Service, "url" | "health_path">): string {
  return path === null ? url : url.replace(/\/+$/, "") + path;
}

/** What only one item of a list can have: results, keys, connections and routes are told apart by it. */
interface Identity<T> {
  key: string;
  /** null: it has none, and clashes with no other. */
  of(item: T): string | null;
  told(item: T): string;
}

function identity(guest: Guest, key: "name" | "vmid" | "address"): string | null {
  if (key !== "address") return String(guest[key]);
  return guest.address === null ? null : `[${guest.address.toLowerCase()}]:${guest.ssh_port}`;
}

function named({ name, vmid }: Guest): string {
  return `${name} (${vmid})`;
}
