import type { OutputValue, TerraformRun } from "../connect/terraform/types.ts";
import { prepare } from "../connect/terraform/workspace.ts";
import { Problem } from "../model/problem.ts";
import type { Subject } from "./situation.ts";

/** The outputs as the environment's own tool reads them; never to be shown: some are secret. */
export async function outputsOf(run: TerraformRun): Promise<Record<string, OutputValue>> {
  const workspace = await prepare(run);
  try {
    return await workspace.output();
  } finally {
    await workspace.dispose();
  }
}

export function otherOutputs({ run }: Subject, here: string, there: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "state-verify",
    message: `${run.tool} reads other outputs from ${here} than from ${there}`,
    place: run.directory,
  });
}
