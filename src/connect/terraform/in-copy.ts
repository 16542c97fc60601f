import { messageOf } from "../../model/problem.ts";
import type { Log } from "../../model/progress.ts";
import type { TerraformRun, Workspace } from "./types.ts";

/** Works in a private copy that is gone afterwards; where it cannot be removed, the log says so. */
export async function inCopy<W extends Pick<Workspace, "dispose">, T>(
  run: TerraformRun,
  { prepare, log }: { prepare(run: TerraformRun): Promise<W>; log: Log },
  work: (workspace: W) => Promise<T>,
): Promise<T> {
  const workspace = await prepare(run);
  try {
    return await work(workspace);
  } finally {
    await workspace.dispose().catch((error: unknown) => log(messageOf(error)));
  }
}
