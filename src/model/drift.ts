export const verdicts = ["outside", "deleted", "pending", "unmanaged", "noise"] as const;

/**
 * - `outside`: changed by hand on Proxmox.
 * - `deleted`: declared and applied, gone from Proxmox.
 * - `pending`: declared in code, not applied yet.
 * - `unmanaged`: runs on Proxmox, in no state.
 * - `noise`: known to be harmless, by a rule that expires.
 */
export type Verdict = (typeof verdicts)[number];

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** One attribute that differs. Sensitive values are never here: `before` and `after` are `"(sensitive)"`. */
export interface AttributeChange {
  /** `memory[0].dedicated` */
  path: string;
  /** For `outside`: what the code says. For `pending`: what runs. Absent where there was nothing. */
  before?: JsonValue;
  /** For `outside`: what was found on Proxmox. For `pending`: what the code wants. */
  after?: JsonValue;
}

/** Stands in `before` or `after` for a value nobody may see. */
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

export interface DriftFinding {
  verdict: Verdict;
  /** Terraform address (`module.vms["web"].proxmox_…`), or `vm/105 (stranger)` for an unmanaged guest. */
  subject: string;
  changes: AttributeChange[];
  /** One line for a person. */
  detail: string;
  /** `noise`: the rule's reason. */
  reason?: string;
  hint?: string;
}

/** `unknown`: the check could not be carried out; `problem` says why. */
export type DriftStatus = "ok" | "drift" | "unknown";

export interface DriftReport {
  environment: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  sample?: true;
  status: DriftStatus;
  findings: DriftFinding[];
  /** What is worth knowing and is no drift, a line each: state that lags behind, moves, noise rules to remove. */
  notes?: string[];
  problem?: { code: string; message: string; hint?: string };
}

/** Strangers on the cluster, which belong to no environment. */
export interface UnmanagedReport {
  startedAt: string;
  sample?: true;
  status: DriftStatus;
  findings: DriftFinding[];
  problem?: { code: string; message: string; hint?: string };
}

const countedVerdicts: readonly Verdict[] = ["outside", "deleted", "pending"];

/** The findings that are drift of an environment: `outside`, `deleted`, `pending`. */
export function driftOf(findings: readonly DriftFinding[]): DriftFinding[] {
  return findings.filter((finding) => countedVerdicts.includes(finding.verdict));
}
