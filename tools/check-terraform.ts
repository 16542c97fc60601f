import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { inParallel } from "./in-parallel.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { codeFolders, root, withPrivateCopy } from "./private-copy.ts";
import { runChild } from "./programs/child.ts";
import { resolveAllProviders, resolveProgram, resolveTool, toolEnvironment } from "./programs/index.ts";

const infrastructure = join(root, "infrastructure");
const proxmox = join(infrastructure, "proxmox");

/** Terraform's canonical format, everywhere. `home` is a private HOME. */
export async function terraformFormat(home: string, folder = infrastructure): Promise<Outcome> {
  if (!existsSync(folder)) return { skipped: "no infrastructure folder" };
  const tool = await resolveTool("any");
  return withPrivateCopy(folder, async (cwd) => {
    const env = toolEnvironment("", home);
    const { code, output } = await runChild(tool.path, ["fmt", "-check", "-recursive", "-diff"], {
      cwd,
      env,
    });
    return code === 0
      ? "ok"
      : { failed: `${output}\nmend it with: ${tool.kind} fmt -recursive infrastructure` };
  });
}

/** Every module and environment is valid by the schemas of the pinned providers. `home` is a private HOME. */
export async function terraformValidate(home: string): Promise<Outcome> {
  const folders = await codeFolders(infrastructure);
  if (folders.length === 0) return { skipped: "no Terraform code" };
  const tool = await resolveTool("any");
  const { cliConfig } = await resolveAllProviders();
  return withPrivateCopy(infrastructure, async (copy) => {
    const env = toolEnvironment(cliConfig, home);
    const validate = async (path: string): Promise<string[]> => {
      const run = (args: string[]) => runChild(tool.path, args, { cwd: join(copy, path), env });
      const init = await run(["init", "-backend=false", "-no-color"]);
      const last = init.code === 0 ? await run(["validate", "-no-color"]) : init;
      return last.code === 0 ? [] : [`infrastructure/${path}\n${last.output}`];
    };
    const work = folders.map(
      ({ path }) =>
        () =>
          validate(path),
    );
    return outcomeOf((await inParallel(work, availableParallelism())).flat());
  });
}

/** What is valid and yet wrong, old or unused, by infrastructure/proxmox/.tflint.hcl. */
export async function terraformLint(home: string, folder = proxmox): Promise<Outcome> {
  const program = await resolveProgram("tflint");
  return withPrivateCopy(folder, async (cwd) => {
    const args = ["--recursive", "--format=compact", "--no-color", `--config=${join(cwd, ".tflint.hcl")}`];
    const { code, output } = await runChild(program.path, args, { cwd, env: { ...process.env, HOME: home } });
    return code === 0 ? "ok" : { failed: `below ${folder}:\n${output}` };
  });
}
