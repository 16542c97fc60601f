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
