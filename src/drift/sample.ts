import { type DriftFinding, type DriftReport, driftOf } from "../model/drift.ts";
import type { DriftResult } from "./check-drift.ts";

const web = 'module.vms["web"].proxmox_virtual_environment_vm.this';
const db = 'module.vms["db"].proxmox_virtual_environment_vm.this';
const dns = 'module.containers["dns"].proxmox_virtual_environment_container.this';

const declared: readonly DriftFinding[] = [
  {
    verdict: "outside",
    subject: web,
    changes: [{ path: "memory[0].dedicated", before: 2048, after: 4096 }],
    detail: "changed by hand",
    hint: "to keep it, write it into the code; to undo it, apply",
  },
  {
    verdict: "pending",
    subject: web,
    changes: [{ path: "cpu[0].cores", before: 2, after: 4 }],
    detail: "not applied yet",
    hint: "apply",
  },
  {
    verdict: "deleted",
    subject: dns,
    changes: [],
    detail: "declared and applied, but gone from Proxmox",
    hint: "re-create it with an apply, or restore it from a backup",
  },
  {
    verdict: "noise",
    subject: db,
    changes: [{ path: "network_device[0].mtu", before: 0, after: 1500 }],
    detail: "changed by hand",
    reason: "the bridge sets it (until 2099-12-31)",
  },
];

const leftover: DriftFinding = {
  verdict: "unmanaged",
  subject: "vm/105 (leftover)",
  changes: [],
  detail: "running on pve1, in no environment's state",
  hint: "declare and import it, remove it, or add 105 to drift.ignore_unmanaged in pve-home.yaml",
};

/** Made-up reports for `--dry-run`: every verdict once, shared out among the environments, all marked `sample`. */
export function sampleDrift(environments: readonly string[], now: number): Required<DriftResult> {
  const startedAt = new Date(now).toISOString();
  const reports = environments.map((environment, index): DriftReport => {
    const findings = declared.filter(({ subject }) => shareOf(subject) % environments.length === index);
    const status = driftOf(findings).length > 0 ? "drift" : "ok";
    return { environment, startedAt, durationMs: 8200, sample: true, status, findings };
  });
  return { reports, unmanaged: { startedAt, sample: true, status: "drift", findings: [leftover] } };
}

/** Findings of one resource stay together. */
function shareOf(subject: string): number {
  return [web, dns, db].indexOf(subject);
}
