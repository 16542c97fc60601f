import type { BackupJob } from "../connect/proxmox/types.ts";
import type { DriftFinding } from "../model/drift.ts";
import type { DriftSource } from "./source.ts";

const jobType = "proxmox_backup_job";

/**
 * Backup jobs that are in the state and gone from Proxmox. Proxmox answers 400 for them, which the provider takes for
 * an error: the plan fails, and so does the next apply, until the job is out of the state.
 */
export function backupJobSource(listJobs: (signal?: AbortSignal) => Promise<BackupJob[]>): DriftSource {
  return {
    name: "backup jobs",
    async inspect({ state, signal, run, apply }) {
      const declared = (await state()).filter(({ type }) => type === jobType);
      if (declared.length === 0) return { findings: [] };
      const present = new Set((await listJobs(signal)).map(({ id }) => id));
      const findings = declared
        .filter(({ values }) => typeof values.id === "string" && !present.has(values.id))
        .map(({ address, values }): DriftFinding => {
          const forget = `${run.tool} -chdir=${run.directory} state rm '${address}'`;
          return {
            verdict: "deleted",
            subject: address,
            changes: [],
            detail: `the backup job ${String(values.id)} is gone from Proxmox; until it is out of the state no plan succeeds`,
            hint: `${forget} && ${apply}`,
          };
        });
      return { findings };
    },
  };
}
