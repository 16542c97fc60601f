import { z } from "zod";
import { longestSeconds } from "../model/time-limit.ts";
import { longestPattern } from "./glob.ts";

// The shape of pve-home.yaml. What each setting means and a legal value of it is said in pve-home.example.yaml,
// which is also where error messages take their examples from; a test holds the two together.

const path = z.string().min(1);
const name = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/i, "expected letters, digits, - and _");
const seconds = z.number().max(longestSeconds);
const pattern = z.string().min(1).max(longestPattern);

/** `env:NAME`, `file:PATH`, `cmd:COMMAND` */
const secretReference = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|cmd:.+)$/, "expected env:NAME, file:PATH or cmd:COMMAND");

const environmentSettings = z.strictObject({
  directory: path.optional(),
  tool: z.enum(["terraform", "tofu"]).optional(),
  program: path.optional(),
  cli_config: path.optional(),
  backend: z.union([path, z.record(z.string(), z.string())]).optional(),
  inventory: path.optional(),
  var_files: z.array(path).default([]),
});

const tlsSettings = z.strictObject({
  ca_file: path.optional(),
  fingerprint: z
    .string()
    .regex(
      /^([0-9a-f]{2}:){31}[0-9a-f]{2}$/i,
      "expected the SHA-256 fingerprint, 32 bytes in hex with colons",
    )
    .optional(),
  verify: z.boolean().default(true),
});

const proxmoxEndpoint = z.url({ protocol: /^https$/, error: "expected an https:// address" });

const proxmoxSettings = z
  .strictObject({
    endpoint: proxmoxEndpoint.optional(),
    endpoints: z.array(proxmoxEndpoint).min(1).optional(),
    api_token: secretReference.optional(),
    apply_token: secretReference.optional(),
    tls: tlsSettings.prefault({}),
  })
  .refine(({ endpoint, endpoints }) => endpoint === undefined || endpoints === undefined, {
    path: ["endpoints"],
    error: "expected endpoint or endpoints, not both",
  });

const nodeSettings = z.strictObject({
  address: z.string().min(1),
  port: z.int().min(1).max(65535).default(22),
  user: z.string().min(1).default("root"),
  host_key: z
    .string()
    .regex(/^(ssh|ecdsa)-\S+ [A-Za-z0-9+/=]+/, "expected a public key")
    .optional(),
});

const noiseRule = z.strictObject({
  resource: pattern,
  attribute: pattern.optional(),
  reason: z.string().min(1),
  expires: z.iso.date("expected a date, YYYY-MM-DD"),
});

export const settingsSchema = z.strictObject({
  environments: z.record(name, environmentSettings).optional(),
  proxmox: proxmoxSettings.prefault({}),
  ssh: z
    .strictObject({
      identity_file: path.optional(),
      config: path.optional(),
      known_hosts: path.optional(),
      concurrency: z.int().min(1).default(32),
      nodes: z.record(z.string(), nodeSettings).default({}),
    })
    .prefault({}),
  health: z
    .strictObject({
      timeout: seconds.positive().default(10),
      boot_grace: seconds.min(0).default(120),
      exclude: z.array(z.string().min(1)).default([]),
      exclusions_file: path.optional(),
      services_ca_file: path.optional(),
      // Each check has settings of its own, which `readSettings` parses where the checks are known.
      checks: z.record(z.string(), z.unknown()).default({}),
    })
    .prefault({}),
  drift: z
    .strictObject({
      timeout: seconds.positive().default(600),
      lock_timeout: seconds.min(0).default(300),
      noise: z.array(noiseRule).default([]),
      ignore_unmanaged: z.array(z.union([pattern, z.int()])).default([]),
      report_directory: path.optional(),
    })
    .prefault({}),
  state: z
    .strictObject({
      endpoint: z.url({ protocol: /^https?$/, error: "expected an http:// or https:// address" }).optional(),
      bucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "expected 3 to 63 of a-z, 0-9, - and .")
        .optional(),
      region: z.string().min(1).default("us-east-1"),
      prefix: z
        .string()
        .regex(/^([\w.-]+\/)*$/, "expected a path that ends in /")
        .default(""),
      access_key: secretReference.optional(),
      secret_key: secretReference.optional(),
      ca_file: path.optional(),
    })
    .prefault({}),
  stack: z
    .strictObject({
      folder: path.optional(),
      secrets: z.record(z.string(), secretReference).default({}),
      uptime_kuma: z
        .strictObject({
          url: z.url({ protocol: /^https?$/, error: "expected an http:// or https:// address" }).optional(),
          user: z.string().min(1).default("admin"),
          password: secretReference.optional(),
        })
        .prefault({}),
    })
    .prefault({}),
  metrics: z.strictObject({ directory: path.optional() }).prefault({}),
  state_directory: path.optional(),
});

export type Settings = z.output<typeof settingsSchema>;
export type EnvironmentSettings = z.output<typeof environmentSettings>;
