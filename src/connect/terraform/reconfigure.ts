import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "./command.ts";
import { toolFailure } from "./failures.ts";
import type { TerraformRun } from "./types.ts";

/**
 * Runs init in the user's own folder, so that the tool forgets which backend it knew there; no state is moved. The one
 * call that writes into that folder's `.terraform`. Problems as of `Workspace.init`.
 */
export async function reconfigure(run: TerraformRun): Promise<void> {
  const locked = existsSync(join(run.directory, ".terraform.lock.hcl"));
  const result = await runTool(run, {
    args: [
      "init",
      "-json",
      "-input=false",
      "-reconfigure",
      ...(locked ? ["-lockfile=readonly"] : []),
      ...(run.backend !== undefined && "file" in run.backend ? [`-backend-config=${run.backend.file}`] : []),
    ],
    cwd: run.directory,
  });
  if (result.exitCode !== 0) throw toolFailure(run, "init", result);
}

/**
 * Removes what the tool remembers of its backend in the user's folder, which makes it a folder with a state file again:
 * neither tool does that itself, not even with -reconfigure.
 */
export function forgetBackend(run: TerraformRun): void {
  rmSync(backendRecord(run), { force: true });
}

/** Whether the tool remembers a backend in the user's folder. */
export function remembersBackend(run: TerraformRun): boolean {
  return existsSync(backendRecord(run));
}

/** No state, in spite of its name: the settings of the backend that the last init has seen. */
function backendRecord(run: TerraformRun): string {
  return join(run.directory, ".terraform", "terraform.tfstate");
}
