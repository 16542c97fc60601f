import { z } from "zod";
import type { BackupJob, CallOptions, ProxmoxClient } from "./types.ts";
import { flag } from "./values.ts";

const vmids = z
  .union([z.string(), z.number()])
  .optional()
  .transform((value) =>
    String(value ?? "")
      .split(/[,;\s]+/)
      .filter((part) => /^\d+$/.test(part))
      .map(Number),
  );

const jobRow = z
  .object({
    id: z.string(),
    enabled: flag.optional(),
    schedule: z.string().optional(),
    storage: z.string().optional(),
    all: flag.optional(),
    pool: z.string().optional(),
    vmid: vmids,
    exclude: vmids,
  })
  .transform(
    (row): BackupJob => ({
      id: row.id,
      enabled: row.enabled ?? true,
      schedule: row.schedule,
      storage: row.storage,
      all: row.all ?? false,
      pool: row.pool,
      vmids: row.vmid,
      exclude: row.exclude,
    }),
  );

/** The backup jobs of the cluster (Sys.Audit on /). */
export function listBackupJobs(client: ProxmoxClient, options: CallOptions = {}): Promise<BackupJob[]> {
  return client.get("cluster/backup", z.array(jobRow), options);
}
