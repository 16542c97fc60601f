import type { TerraformRun } from "../connect/terraform/types.ts";
import { seconds } from "../model/duration.ts";

/** What a run would do for one environment, in plain words, for `--dry-run`. */
export function dryRunSteps(
  run: Pick<TerraformRun, "tool" | "directory" | "backend">,
  lockTimeoutMs: number,
): string[] {
  const settings =
    run.backend === undefined
      ? ""
      : "file" in run.backend
        ? `, its settings from ${run.backend.file}`
        : `, with ${Object.keys(run.backend.settings).join(", ")} set`;
  return [
    `look whether the state is locked, and wait up to ${seconds(lockTimeoutMs)} for the lock; it is not taken`,
    `copy ${run.directory} to a private folder`,
    `${run.tool} init with the environment's own backend${settings}`,
    `${run.tool} plan -detailed-exitcode -lock=false: ask Proxmox what is there, change nothing`,
    `${run.tool} show -json: compare what was found, the state and the code, attribute by attribute`,
    "ask Proxmox for its backup jobs, its guests and their devices, and compare them with the state",
    "remove the private folder",
  ];
}
