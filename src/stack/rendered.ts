import { z } from "zod";
import { serviceSchema } from "../model/inventory.ts";

// What modules/monitoring-stack/config returns; its outputs.tf says the same.

/** Inside the folder of the stack, whatever is rendered. */
const path = z
  .string()
  .refine(
    (text) => /^[^/]/.test(text) && !text.split("/").includes(".."),
    "must be a path inside the stack's folder",
  );

const fileSchema = z.object({
  content: z.string(),
  mode: z.enum(["0644", "0600"]),
  /** After a change: a service to send SIGHUP, `recreate:SERVICE`, or nothing: it is read again, or only at the start. */
  reload: z.string().nullable(),
});

const directorySchema = z.object({
  mode: z.string().regex(/^0[0-7]{3}$/),
  /** `uid:gid` */
  owner: z.string().regex(/^\d+:\d+$/),
});

const secretSchema = z.object({
  path,
  /** Those that read it. */
  services: z.array(z.string()),
  required: z.boolean(),
  description: z.string(),
  /** Of pve-exporter.yml: what the file has besides the token. */
  settings: z.record(z.string(), z.boolean()).default({}),
});

const certificatesSchema = z.object({
  ca: path,
  cert: path,
  key: path,
  names: z.array(z.string()).min(1),
  reload: z.string().nullable(),
});

const stackServiceSchema = z.object({
  image: z.string(),
  /** False for what the machine has as a package. */
  container: z.boolean(),
  container_port: z.int().nullable(),
  published: z.array(z.object({ documented: z.int(), port: z.int(), address: z.string() })),
  health_path: z.string().nullable(),
  monitor: z.boolean(),
  /** At the service itself, without Traefik and names. */
  direct_url: z.string().nullable(),
  /** For people. */
  url: z.string().nullable(),
});

export const renderedSchema = z.object({
  files: z.record(path, fileSchema),
  directories: z.record(path, directorySchema),
  secrets: z.record(z.string(), secretSchema),
  certificates: certificatesSchema.nullable(),
  services: z.record(z.string(), stackServiceSchema),
  service_entries: z.array(serviceSchema),
});

/** Every file of the stack, and what is to be known of its services. No secret is in it. */
export type Rendered = z.output<typeof renderedSchema>;
export type StackService = z.output<typeof stackServiceSchema>;
export type StackSecrets = Rendered["secrets"];
export type Certificates = z.output<typeof certificatesSchema>;
