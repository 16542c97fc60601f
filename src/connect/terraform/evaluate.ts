import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../../model/json.ts";
import { Problem } from "../../model/problem.ts";
import { noWorkspace } from "../no-workspace.ts";
import { makeTemporaryFolder } from "../temporary-folders.ts";
import { runTool, titleOf } from "./command.ts";
import { warningsIn } from "./diagnostics.ts";
import { type Stage, toolFailure } from "./failures.ts";
import type { TerraformRun } from "./types.ts";
import { toolVersion } from "./version.ts";

/** A root module without resources and providers: what it calls computes outputs from variables alone. */
export interface RootModule {
  /** Name to text; `main.tf.json`, `terraform.tfvars`. */
  files: Readonly<Record<string, string>>;
  /** The folder that module sources name as `../modules`. */
  modules: string;
}

const planSchema = z.object({
  planned_values: z.object({ outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}) }),
});

/**
 * The outputs of a root module, by name. Nothing is downloaded, no state is read or kept. Problems as of `prepare`; those
 * that name a file name that of `run.directory`, which the files were taken from.
 */
export async function evaluate(
  run: TerraformRun,
  { files, modules }: RootModule,
): Promise<Record<string, unknown>> {
  await toolVersion(run);
  const folder = temporaryFolder(run);
  try {
    // With `../modules` beside it, a path that a module reads from its own folder stays inside the link.
    const directory = join(folder.path, "root");
    mkdirSync(directory);
    symlinkSync(modules, join(folder.path, "modules"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    const call = async (stage: Stage, args: readonly string[]): Promise<string> => {
      const result = await runTool(run, { args, cwd: directory });
      if (result.exitCode !== 0) throw asConfiguration(run, toolFailure(run, stage, result));
      return result.stdout;
    };
    await call("init", ["init", "-json", "-input=false"]);
    const variables = (run.varFiles ?? []).map((file) => `-var-file=${file}`);
    const planned = await call("plan", [
      "plan",
      ...["-json", "-input=false", "-lock=false", "-out=plan"],
      ...variables,
    ]);
    // A name that is misspelt: the value would be ignored without a word. The first sentence has name and file.
    for (const { detail } of warningsIn(planned)) {
      const [, sentence] = /^(.*?\.)(\s|$)/s.exec(detail.replace(/\s+/g, " ")) ?? [];
      if (/undeclared|does not declare/.test(detail)) run.progress?.(`warning: ${sentence ?? detail}`);
    }
    const plan = planSchema.safeParse(readJson(await call("show", ["show", "-json", "plan"])));
    if (!plan.success) throw unreadable(run);
    return Object.fromEntries(
      Object.entries(plan.data.planned_values.outputs).map(([name, { value }]) => [name, value]),
    );
  } finally {
    folder.remove();
  }
}

/** There is nothing outside that could fail: what is not valid was written by the user. */
function asConfiguration({ directory }: TerraformRun, problem: Problem): Problem {
  if (problem.code !== "terraform-invalid" && !/precondition failed/.test(problem.message)) return problem;
  const { code, message, place, cause } = problem;
  // A file of the root module that is not one of theirs.
  const theirs = place !== undefined && existsSync(place.replace(/:\d+$/, ""));
  return new Problem({
    kind: "configuration",
    ...{ code, message, place: theirs ? place : directory, cause },
    hint: `correct the value in ${join(directory, "terraform.tfvars")}, or on the command line`,
  });
}

function temporaryFolder(run: TerraformRun) {
  try {
    return makeTemporaryFolder("tf");
  } catch (cause) {
    throw noWorkspace("terraform", `nothing can be computed from ${run.directory}`, cause);
  }
}

function unreadable({ tool, directory }: TerraformRun): Problem {
  return new Problem({
    kind: "undetermined",
    code: "terraform-failed",
    message: `what ${titleOf(tool)} show printed is not the JSON it should be`,
    place: directory,
  });
}
