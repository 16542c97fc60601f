import { existsSync } from "node:fs";
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
