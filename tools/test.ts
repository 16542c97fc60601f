import { join } from "node:path";
import { type Counts, exitCode, renderCounts, sum } from "./counts.ts";
import { root } from "./private-copy.ts";
import { runChild } from "./programs/child.ts";
import { ProgramError, resolveAllProviders, resolveProgram, resolveTool } from "./programs/index.ts";
import { countRun } from "./test-terraform.ts";
import { testVitest } from "./test-vitest.ts";

/** Builds what the tests need before any of them waits for it, or has a HOME without Go's caches. */
async function prepare(): Promise<void> {
  try {
    await resolveAllProviders();
    await resolveTool("tofu");
    for (const name of ["minio", "tflint", "terraform-docs", "promtool", "promtail"] as const)
      await resolveProgram(name);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    // The tests that need it fail and are counted; the others can run.
    console.error(`\n!!! ${error.message}\n`);
  }
}

/** The Terraform tests beside the others, which wait more than they work; what they say comes when they are done. */
async function testTerraformBeside(): Promise<() => Promise<Counts>> {
  const program = join(import.meta.dirname, "test-terraform.ts");
  const child = runChild(process.execPath, [program, "--beside"], { cwd: root });
  return async () => {
    const { code, output } = await child;
    console.log(`\n${output.trimEnd()}`);
    return countRun(code, output.trimEnd().split("\n").at(-1) ?? "");
  };
}

// `npm test -- src/health`: that and nothing else.
const args = process.argv.slice(2);
const all = args.length === 0;
if (all) await prepare();
const terraform = all ? await testTerraformBeside() : undefined;
const counts = sum([await testVitest(args), ...(terraform === undefined ? [] : [await terraform()])]);
console.log(renderCounts(counts));
process.exitCode = exitCode(counts);
