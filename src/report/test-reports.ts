// Results for the tests of this folder.
import type { DriftFinding, DriftReport, UnmanagedReport } from "../model/drift.ts";
import type { Finding, HealthReport } from "../model/health.ts";

const startedAt = "2026-11-20T06:00:00.000Z";

export function finding(facts: Partial<Finding>): Finding {
  return { component: "web", type: "vm", check: "ssh", status: "ok", detail: "", durationMs: 40, ...facts };
}

export function healthReport(findings: Finding[], facts: Partial<HealthReport> = {}): HealthReport {
  return { environment: "prod", startedAt, durationMs: 2300, findings, ...facts };
}

export function driftFinding(facts: Partial<DriftFinding>): DriftFinding {
  return {
    verdict: "outside",
    subject: 'module.vms["web"].proxmox_virtual_environment_vm.this',
    changes: [],
    detail: "",
    ...facts,
  };
}

export function driftReport(findings: DriftFinding[], facts: Partial<DriftReport> = {}): DriftReport {
  const status = findings.some(({ verdict }) => verdict !== "noise") ? "drift" : "ok";
  return { environment: "prod", startedAt, durationMs: 12_000, status, findings, ...facts };
}

export function unmanagedReport(
  findings: DriftFinding[],
  facts: Partial<UnmanagedReport> = {},
): UnmanagedReport {
  return { startedAt, status: findings.length === 0 ? "ok" : "drift", findings, ...facts };
}

export const leftover = driftFinding({
  verdict: "unmanaged",
  subject: "vm/105 (leftover)",
  detail: "runs on pve, in no state",
});

/** What a hostile guest could answer. */
export const hostile = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e<script>alert("1")</script>\r\nOK';
