import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Counts, exitCode, nothing, renderCounts, sum } from "./counts.ts";
import { codeFolders, root, withPrivateCopy } from "./private-copy.ts";
import { runChild } from "./programs/child.ts";
import {
  ProgramError,
  resolveAllProviders,
  resolveTool,
  type Tool,
  toolEnvironment,
} from "./programs/index.ts";

/** Reads the last line of `tofu test` or `terraform test`; undefined where it did not get that far. */
export function parseSummary(output: string): Counts | undefined {
  const found = /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\./.exec(output);
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
 * providers all fail.
 */
export async function testTerraform(folder = join(root, "infrastructure")): Promise<Counts> {
  const tested = (await codeFolders(folder)).filter((code) => code.tested).map((code) => code.path);
  if (tested.length === 0) {
    console.log(`no folder with tests/*.tftest.hcl below ${folder}`);
    return nothing;
  }
  const mirror = await orReason(resolveAllProviders());
  if (typeof mirror === "string")
    return notTested("providers", mirror, { ...nothing, failed: tested.length });
  const home = await mkdtemp(join(tmpdir(), "pve-home-home-"));
  const env = toolEnvironment(mirror.cliConfig, home);
  const missing: Counts[] = [];
  const runs: (() => Promise<Counts>)[] = [];
  for (const kind of ["tofu", "terraform"] as const) {
    const tool = await orReason(resolveTool(kind));
    if (typeof tool === "string") {
      const as = process.env.CI === "true" ? "failed" : "skipped";
      missing.push(notTested(kind, tool, { ...nothing, [as]: tested.length }));
    } else {
      runs.push(...tested.map((path) => () => testFolder(folder, path, tool, env)));
    }
  }
  try {
    return sum([...missing, ...(await inParallel(runs, availableParallelism()))]);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
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

async function inParallel(runs: readonly (() => Promise<Counts>)[], workers: number): Promise<Counts[]> {
  const queue = runs.values();
  const done: Counts[] = [];
  const work = async (): Promise<void> => {
    for (const run of queue) done.push(await run());
  };
  await Promise.all(Array.from({ length: workers }, work));
  return done;
}

async function testFolder(folder: string, path: string, tool: Tool, env: NodeJS.ProcessEnv): Promise<Counts> {
  const began = Date.now();
  const { code, output } = await withPrivateCopy(folder, async (copy) => {
    const run = (args: string[]) => runChild(tool.path, args, { cwd: join(copy, path), env });
    const init = await run(["init", "-backend=false", "-no-color"]);
    return init.code === 0 ? run(["test", "-no-color"]) : init;
  });
  const counts = countRun(code, output);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${path}  ${tool.kind} ${tool.version}  ${renderCounts(counts)}  ${seconds} s`);
  if (counts.failed > 0) console.log(output.trimEnd());
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const counts = await testTerraform();
  console.log(renderCounts(counts));
  process.exitCode = exitCode(counts);
}
