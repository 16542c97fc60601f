import type { BackupJob, CallOptions, ProxmoxClient } from "./types.ts";

export declare function listBackupJobs(client: ProxmoxClient, options?: CallOptions): Promise<BackupJob[]>;
