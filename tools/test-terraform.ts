import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { availableParallelism, constants, setPriority, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Counts, exitCode, nothing, renderCounts, sum } from "./counts.ts";
import { inParallel } from "./in-parallel.ts";
import { type CodeFolder, codeFolders, root, withPrivateCopy } from "./private-copy.ts";
import { runChild } from "./programs/child.ts";
import {
  ProgramError,
  resolveAllProviders,
  resolveTool,
  serveProviders,
  type Tool,
  toolEnvironment,
} from "./programs/index.ts";

/** Reads the last line of `tofu test`, `terraform test` or of this file; undefined where it did not get that far. */
export function parseSummary(output: string): Counts | undefined {
  const found = /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/.exec(output);
  if (found === null) return undefined;
  return { passed: Number(found[1]), failed: Number(found[2]), skipped: Number(found[3] ?? 0) };
}

/** Counts of one run; whatever ended badly without a failed test is a failure of its own. */
export function countRun(code: number, output: string): Counts {
  const counts = parseSummary(output) ?? nothing;
  if (code === 0 && counts.passed + counts.failed > 0) return counts;
  return counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/**
 * Runs the Terraform tests of every folder that has some, with OpenTofu and with Terraform, each in a copy
 * of the code. A tool that cannot be had counts every folder as skipped, and as failed in CI; without the
 * providers all fail. So does each module without regression.tftest.hcl. With `oneTool`, the first that is there is
 * enough.
 */
export async function testTerraform(
  folder = join(root, "infrastructure"),
  { oneTool = false } = {},
): Promise<Counts> {
  const folders = await codeFolders(folder);
  const tested = folders.filter((code) => code.tested).map((code) => code.path);
  if (tested.length === 0) {
    console.log(`no folder with tests/*.tftest.hcl below ${folder}`);
    return nothing;
  }
  const mirror = await orReason(resolveAllProviders());
  if (typeof mirror === "string")
    return notTested("providers", mirror, { ...nothing, failed: tested.length });
  const tools: Tool[] = [];
  const missing: Counts[] = [];
  for (const kind of ["tofu", "terraform"] as const) {
    if (oneTool && tools.length > 0) {
      console.log(`${kind}: left out; npm run test:terraform runs both`);
      continue;
    }
    const tool = await orReason(resolveTool(kind));
    if (typeof tool !== "string") {
      tools.push(tool);
      continue;
    }
    const as = process.env.CI === "true" ? "failed" : "skipped";
    missing.push(notTested(kind, tool, { ...nothing, [as]: tested.length }));
  }
  const runs = await runAll(folder, tested, tools, mirror.cliConfig);
  console.log("");
  for (const tool of tools) {
    const counts = sum(runs.filter((run) => run.tool === tool).map((run) => run.counts));
    console.log(`${`${tool.kind} ${tool.version}`.padEnd(18)} ${renderCounts(counts)}`);
  }
  return sum([...missing, ...runs.map((run) => run.counts), await countRegressions(folder, folders)]);
}

interface Run {
  readonly tool: Tool;
  readonly counts: Counts;
}

async function runAll(
  folder: string,
  tested: readonly string[],
  tools: readonly Tool[],
  cliConfig: string,
): Promise<Run[]> {
  const home = await mkdtemp(join(tmpdir(), "pve-home-home-"));
  // Go collects less often: a quarter less time, for a heap of 300 MB instead of 150.
  const env = { GOGC: "400", ...toolEnvironment(cliConfig, home) };
  const runs = tested.flatMap((path) =>
    tools.map((tool) => async () => ({ tool, counts: await testFolder(folder, path, tool, env) })),
  );
  try {
    return await inParallel(runs, availableParallelism());
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Each mistake that was mended has a test in its module, at the place where one looks for it. */
async function countRegressions(folder: string, folders: readonly CodeFolder[]): Promise<Counts> {
  const modules = folders.map((code) => code.path).filter((path) => basename(dirname(path)) === "modules");
  const without: string[] = [];
  for (const path of modules) {
    const tests = join(folder, path, "tests", "regression.tftest.hcl");
    const hcl = await readFile(tests, "utf8").catch(() => "");
    if (!/^run "/m.test(hcl)) without.push(path);
  }
  console.log(`${modules.length - without.length} of ${modules.length} modules have regression.tftest.hcl`);
  for (const path of without) console.error(`!!! ${path} has no tests/regression.tftest.hcl with a run`);
  return { ...nothing, failed: without.length };
}

function notTested(what: string, why: string, counts: Counts): Counts {
  console.error(`\n!!! ${what}: ${counts.failed + counts.skipped} folders NOT TESTED: ${why}\n`);
  return counts;
}

async function orReason<T>(wanted: Promise<T>): Promise<T | string> {
  try {
    return await wanted;
  } catch (error) {
    if (error instanceof ProgramError) return error.message;
    throw error;
  }
}

async function testFolder(folder: string, path: string, tool: Tool, env: NodeJS.ProcessEnv): Promise<Counts> {
  const began = Date.now();
  const runs = await withPrivateCopy(folder, async (copy) => {
    const cwd = join(copy, path);
    const run = (args: string[], more: NodeJS.ProcessEnv = {}) =>
      runChild(tool.path, args, { cwd, env: { ...env, ...more } });
    const init = await run(["init", "-backend=false", "-no-color"]);
    if (init.code !== 0) return [init];
    const served = await serveProviders(env);
    try {
      const test = (files: string[]) =>
        files.length === 0
          ? []
          : run(["test", "-no-color", ...files.map((name) => `-filter=${join("tests", name)}`)], served.env);
      const files = (await readdir(join(cwd, "tests"))).filter((name) => name.endsWith(".tftest.hcl"));
      const planned = await test(files.filter((name) => name !== refusals));
      await keepVariables(cwd);
      return [planned, await test(files.filter((name) => name === refusals))].flat();
    } finally {
      await served.stop();
    }
  });
  const counts = sum(runs.map(({ code, output }) => countRun(code, output)));
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${path}  ${tool.kind} ${tool.version}  ${renderCounts(counts)}  ${seconds} s`);
  if (counts.failed > 0) console.log(runs.map(({ output }) => output.trimEnd()).join("\n"));
  return counts;
}

/** What the variables of a folder refuse. */
const refusals = "validation.tftest.hcl";

/**
 * Leaves of a folder's code the variables alone, and of its tests those that need no more: a plan of all resources
 * for each refused value would be most of the time that the tests take.
 */
async function keepVariables(folder: string): Promise<void> {
  const kept = ["variables.tf", "versions.tf", refusals];
  for (const below of [folder, join(folder, "tests")]) {
    for (const name of await readdir(below)) {
      if (/\.tf(test\.hcl)?$/.test(name) && !kept.includes(name)) await rm(join(below, name));
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // They take what the other tests, which mind how long an answer takes, leave of the machine.
  const beside = process.argv.includes("--beside");
  if (beside) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const counts = await testTerraform(undefined, { oneTool: beside && process.env.CI !== "true" });
  console.log(renderCounts(counts));
  process.exitCode = exitCode(counts);
}
