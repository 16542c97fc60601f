import { z } from "zod";
import { driftStatuses, verdicts } from "../model/drift.ts";
import { guestEffects, plannedActions } from "../model/plan.ts";
import { statuses } from "../model/status.ts";

// What `--json` prints. docs/health.schema.json, drift.schema.json and plan.schema.json are made from here; the test beside
// this file keeps them current: npx vitest run src/report/json-schema.test.ts -u

const timestamp = z.string().meta({ format: "date-time", description: "ISO 8601, UTC" });
const durationMs = z.int().nonnegative().describe("Milliseconds");
const sample = z.boolean().describe("True under --dry-run: bundled data, nothing was asked");
const hint = z.string().describe("The next command to type").optional();
const status = z.enum(statuses);
const driftStatus = z.enum(driftStatuses);
const counted = z.int().nonnegative();

const checkSchema = z.strictObject({
  check: z.string().describe("The check's name: ssh, docker, …"),
  status,
  detail: z.string().describe("One line for a person"),
  expected: z.string().optional(),
  actual: z.string().optional(),
  code: z.string().describe("Stable word for what went wrong: ssh-host-key-changed").optional(),
  hint,
  duration_ms: durationMs,
});

const componentSchema = z.strictObject({
  component: z.string(),
  type: z
    .string()
    .describe("api, node, vm, lxc or service; environment where what is declared could not be read"),
  status: status.describe("The worst status of its checks"),
  duration_ms: durationMs.describe("Milliseconds of the slowest check"),
  checks: z.array(checkSchema),
});

const countsSchema = z.strictObject({
  components: counted,
  ok: counted,
  warn: counted,
  fail: counted,
  unknown: counted,
  pending: counted,
  skipped: counted,
});

/** `pve-home health --json` */
export const healthDocumentSchema = z.strictObject({
  schema_version: z.literal(1),
  command: z.literal("health"),
  status: status.describe("The worst status of all; skipped where nothing was checked"),
  summary: countsSchema,
  environments: z.array(
    z.strictObject({
      environment: z.string(),
      started_at: timestamp,
      duration_ms: durationMs,
      sample,
      status: status.describe("The worst status in this environment"),
      components: z.array(componentSchema),
    }),
  ),
});

const problemSchema = z.strictObject({
  code: z.string().describe("Stable word: state-locked"),
  message: z.string(),
  hint,
});

const driftFindingSchema = z.strictObject({
  verdict: z.enum(verdicts),
  subject: z.string().describe("Terraform address, or vm/105 (name) for a guest that no state knows"),
  detail: z.string().describe("One line for a person"),
  reason: z.string().describe("noise: why the rule calls it harmless").optional(),
  hint,
  changes: z.array(
    z.strictObject({
      path: z.string().describe("memory[0].dedicated"),
      before: z
        .unknown()
        .describe("Any JSON value. pending: what runs; otherwise: what the code says")
        .optional(),
      after: z
        .unknown()
        .describe("Any JSON value. pending: what the code wants; otherwise: what was found")
        .optional(),
    }),
  ),
});

const unmanagedSchema = z.strictObject({
  started_at: timestamp,
  sample,
  status: driftStatus.describe("unknown unless the state of every environment was read"),
  findings: z.array(driftFindingSchema),
  problem: problemSchema.optional(),
});

/** `pve-home drift --json` */
export const driftDocumentSchema = z.strictObject({
  schema_version: z.literal(1),
  command: z.literal("drift"),
  status: driftStatus.describe("drift where anything drifted, else unknown where anything is, else ok"),
  environments: z.array(
    z.strictObject({
      environment: z.string(),
      started_at: timestamp,
      duration_ms: durationMs,
      sample,
      status: driftStatus,
      changed: counted
        .nullable()
        .describe("Findings outside, deleted or pending; null where the check failed"),
      findings: z.array(driftFindingSchema),
      problem: problemSchema.optional(),
    }),
  ),
  unmanaged: unmanagedSchema.nullable().describe("Guests in no state; null where this was not checked"),
});

const planStatus = z.enum(["none", "changes", "unknown"]);

const plannedResourceSchema = z.strictObject({
  address: z.string().describe("Terraform address"),
  action: z.enum(plannedActions),
  detail: z
    .string()
    .describe("Why it is replaced or deleted, what it is imported as, where it was")
    .optional(),
  changes: z.array(
    z.strictObject({
      path: z.string().describe("memory[0].dedicated"),
      before: z.unknown().describe("Any JSON value: what runs").optional(),
      after: z.unknown().describe("Any JSON value: what the code wants").optional(),
    }),
  ),
});

const guestForecastSchema = z.strictObject({
  address: z.string().describe("Terraform address of the resource whose change does it"),
  kind: z.enum(["vm", "lxc"]),
  guest: z.string().describe("Its name on Proxmox"),
  vmid: z.int().nullable(),
  effect: z.enum(guestEffects),
  away: z.boolean().describe("Whether it is, or might be, away for a while or for good"),
  causes: z.array(z.string()).describe("Attributes that lead to it"),
  reason: z.string().describe("Why it is replaced or destroyed, where no attribute leads to it").optional(),
  devices: z
    .array(
      z.strictObject({
        key: z.string().describe("scsi5, as Proxmox has it"),
        value: z.string().describe("What matters of it: local-lvm:vm-201-disk-3, 8G"),
      }),
    )
    .describe("loses-device: which; refused: which of them no token may remove")
    .optional(),
  node: z.string().describe("The node it is on; with devices").optional(),
  fate: z
    .enum(["detached", "destroyed"])
    .describe("loses-device: a detached disk stays on its storage, as unusedN of the guest")
    .optional(),
});

/** `pve-home plan --json` */
export const planDocumentSchema = z.strictObject({
  schema_version: z.literal(1),
  command: z.literal("plan"),
  status: planStatus.describe(
    "changes where anything would be done, else unknown where anything is, else none",
  ),
  environments: z.array(
    z.strictObject({
      environment: z.string(),
      started_at: timestamp,
      duration_ms: durationMs,
      status: planStatus,
      resources: z.array(plannedResourceSchema).describe("To which something would be done"),
      unchanged: counted.describe("Resources that stay as they are"),
      outputs: z.array(z.string()).describe("Names of the outputs that change"),
      forecast: z.array(guestForecastSchema).describe("Guests that feel it, worst first"),
      notes: z.array(z.string()).describe("What is worth knowing, a line each").optional(),
      problem: problemSchema.optional(),
    }),
  ),
});

export type PlanDocument = z.infer<typeof planDocumentSchema>;
export type HealthDocument = z.infer<typeof healthDocumentSchema>;
export type DriftDocument = z.infer<typeof driftDocumentSchema>;
