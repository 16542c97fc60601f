import { sweepLeftovers } from "../connect/temporary-folders.ts";
import { salvageErrored } from "../connect/terraform/errored-state.ts";
import { prepare } from "../connect/terraform/workspace.ts";
import type { Io } from "./io.ts";

/** How this run prepares copies of environments, after it has removed those that killed runs left behind. */
export function preparing({ log }: Pick<Io, "log">): typeof prepare {
  sweepLeftovers((folder) => salvageErrored(folder, log), log);
  return prepare;
}
