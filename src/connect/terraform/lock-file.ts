import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import { titleOf } from "./command.ts";
import type { TerraformRun, ToolName } from "./types.ts";

export const lockFileName = ".terraform.lock.hcl";

const registries: Record<ToolName, string> = {
  terraform: "registry.terraform.io",
  tofu: "registry.opentofu.org",
};

/** Whether there is a lock file; Problem `terraform-wrong-tool` where the other tool wrote it. */
export function checkLockFile(run: TerraformRun): boolean {
  const file = join(run.directory, lockFileName);
  if (!existsSync(file)) return false;
  const addresses = [...readFileSync(file, "utf8").matchAll(/^\s*provider\s+"([^"]+)"/gm)].map(
    (match) => match[1] ?? "",
  );
  const other: ToolName = run.tool === "tofu" ? "terraform" : "tofu";
  const foreign = addresses.find((address) => address.startsWith(`${registries[other]}/`));
  if (foreign === undefined) return true;
  throw new Problem({
    kind: "configuration",
    code: "terraform-wrong-tool",
    message: `${run.directory} was initialised with ${titleOf(other)} (its lock file names ${foreign}), and is to be run with ${titleOf(run.tool)}`,
    place: file,
    hint: `set tool: ${other} for this environment; to change over, remove the lock file and run ${run.tool} init`,
  });
}
