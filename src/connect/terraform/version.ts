import { z } from "zod";
import { readJson } from "../../model/json.ts";
import { Problem } from "../../model/problem.ts";
import { runTool, titleOf } from "./command.ts";
import type { TerraformRun } from "./types.ts";

const oldest = { major: 1, minor: 10 };

// OpenTofu says terraform_version too.
const schema = z.object({ terraform_version: z.string() });

/** `1.11.4`. Problem `terraform-missing`, or `terraform-too-old` below 1.10. */
export async function toolVersion(run: TerraformRun): Promise<string> {
  const result = await runTool(run, { args: ["version", "-json"], cwd: run.directory });
  const parsed = schema.safeParse(readJson(result.stdout));
  if (!parsed.success) {
    throw new Problem({
      kind: "undetermined",
      code: "terraform-failed",
      message: `${run.program ?? run.tool} version -json does not say which version it is: ${(result.stderr || result.stdout).trim()}`,
      hint: `is ${run.program ?? run.tool} really ${titleOf(run.tool)}?`,
    });
  }
  const version = parsed.data.terraform_version;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return version;
  throw new Problem({
    kind: "undetermined",
    code: "terraform-too-old",
    message: `${titleOf(run.tool)} ${version} is too old: 1.10 or newer is needed`,
    hint: `${run.program ?? run.tool} is what was run; name a newer one in pve-home.yaml or put it first on the PATH`,
  });
}
