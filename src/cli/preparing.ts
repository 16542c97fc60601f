import { sweepLeftovers } from "../connect/temporary-folders.ts";
import { salvageErrored } from "../connect/terraform/errored-state.ts";
import { readLockFile } from "../connect/terraform/lock-file.ts";
import { prepare } from "../connect/terraform/workspace.ts";
import { isProblem, type Problem } from "../model/problem.ts";
import type { Io } from "./io.ts";
import type { Reached } from "./reach.ts";

/**
 * How this run prepares copies of environments, after it has removed those that killed runs left behind. Where Proxmox
 * was not `reached`, a plan of code that needs it fails for that reason.
 */
export function preparing({ log }: Pick<Io, "log">, reached?: Reached | Problem): typeof prepare {
  sweepLeftovers((folder) => salvageErrored(folder, log), log);
  return isProblem(reached) ? preparingWithout(reached) : prepare;
}

/** A plan that fails without Proxmox, of code that names its provider, failed for the `problem` of the access. */
function preparingWithout(problem: Problem): typeof prepare {
  return async (run) => {
    const workspace = await prepare(run);
    const because = (error: unknown): never => {
      const locked = readLockFile({ ...run, directory: workspace.directory });
      const named = locked?.some(({ address }) => address.endsWith("/bpg/proxmox")) === true;
      throw named && isProblem(error) && accessCodes.includes(error.code) ? problem : error;
    };
    return {
      ...workspace,
      init: () => workspace.init().catch(because),
      plan: () => workspace.plan().catch(because),
    };
  };
}

/** Codes of failures that a missing Proxmox, or its missing provider, may have. */
const accessCodes = ["terraform-init", "terraform-credentials", "terraform-unreachable", "terraform-failed"];
