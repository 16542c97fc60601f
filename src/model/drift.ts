import { z } from "zod";
import { timestamp, wellFormed } from "./text.ts";

export const verdicts = ["outside", "deleted", "pending", "unmanaged", "noise"] as const;

/**
 * - `outside`: changed by hand on Proxmox.
 * - `deleted`: declared and applied, gone from Proxmox.
 * - `pending`: declared in code, not applied yet.
 * - `unmanaged`: runs on Proxmox, in no state.
 * - `noise`: known to be harmless, by a rule that expires.
 */
export type Verdict = (typeof verdicts)[number];

const attributeChangeSchema = z.object({
  /** `memory[0].dedicated` */
  path: z.string(),
  /** For `outside`: what the code says. For `pending`: what runs. Absent where there was nothing. */
  before: z.json().exactOptional(),
  /** For `outside`: what was found on Proxmox. For `pending`: what the code wants. */
  after: z.json().exactOptional(),
});

/** One attribute that differs. Sensitive values are never here: `before` and `after` are `"(sensitive)"`. */
export type AttributeChange = z.infer<typeof attributeChangeSchema>;

/** Stands in `before` or `after` for a value that must not be shown. */
export const sensitiveValue = "(sensitive)";
/** Stands in `before` or `after` for a value that only applying determines. */
export const unknownValue = "(known after apply)";

/** A difference that is known to be harmless; `drift.noise` in pve-home.yaml. */
export interface NoiseRule {
  /** A resource address or type; `*` stands for any text, `?` for one character. */
  resource: string;
  /** An attribute path, with the same wildcards; without it the rule covers everything about the resource. */
  attribute?: string | undefined;
  reason: string;
  /** `YYYY-MM-DD`, the last day (UTC) on which the rule holds. */
  expires: string;
}

const driftFindingSchema = z.object({
  verdict: z.enum(verdicts),
  /** Terraform address (`module.vms["web"].proxmox_…`), or `vm/105 (leftover)` for an unmanaged guest. */
  subject: z.string(),
  changes: z.array(attributeChangeSchema),
  /** One line for a person. */
  detail: z.string(),
  /** `noise`: the rule's reason. */
  reason: z.string().exactOptional(),
  hint: z.string().exactOptional(),
});

export type DriftFinding = z.infer<typeof driftFindingSchema>;

export const driftStatuses = ["ok", "drift", "unknown"] as const;

/** `unknown`: the check could not be carried out; `problem` says why. */
export type DriftStatus = (typeof driftStatuses)[number];

const problemSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().exactOptional() });

/** Guests on the cluster that no state has; they belong to no environment. */
export const unmanagedReportSchema = z.object({
  startedAt: timestamp,
  sample: z.literal(true).exactOptional(),
  status: z.enum(driftStatuses),
  findings: z.array(driftFindingSchema),
  problem: problemSchema.exactOptional(),
});

export type UnmanagedReport = z.infer<typeof unmanagedReportSchema>;

export const driftReportSchema = unmanagedReportSchema.extend({
  environment: wellFormed,
  durationMs: z.number().nonnegative(),
  /** What is worth knowing and is no drift, a line each: state that lags behind, moves, noise rules to remove. */
  notes: z.array(z.string()).exactOptional(),
});

export type DriftReport = z.infer<typeof driftReportSchema>;

const countedVerdicts: readonly Verdict[] = ["outside", "deleted", "pending"];

/** The findings that are drift of an environment: `outside`, `deleted`, `pending`. */
export function driftOf(findings: readonly DriftFinding[]): DriftFinding[] {
  return findings.filter((finding) => countedVerdicts.includes(finding.verdict));
}
