import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode, renderCounts, sum } from "./counts.ts";
import { root } from "./private-copy.ts";
import { ProgramError, resolveAllProviders, resolveProgram, resolveTool } from "./programs/index.ts";
import { testTerraform } from "./test-terraform.ts";
import { testVitest } from "./test-vitest.ts";

/** Builds what the tests need before any of them waits for it, or has a HOME without Go's caches. */
async function prepare(): Promise<void> {
  try {
    await resolveAllProviders();
    await resolveTool("tofu");
    for (const name of ["minio", "tflint", "terraform-docs"] as const) await resolveProgram(name);
    if (await hasRuleFiles()) await resolveProgram("promtool");
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    // The tests that need it fail and are counted; the others can run.
    console.error(`\n!!! ${error.message}\n`);
  }
}

async function hasRuleFiles(): Promise<boolean> {
  for await (const file of glob("infrastructure/**/files/**/*.{yml,yaml}", { cwd: root })) {
    if (/^groups:/m.test(await readFile(join(root, file), "utf8"))) return true;
  }
  return false;
}

// `npm test -- src/health`: that and nothing else.
const args = process.argv.slice(2);
const all = args.length === 0;
if (all) await prepare();
const counts = sum([await testVitest(args), ...(all ? [await testTerraform()] : [])]);
console.log(renderCounts(counts));
process.exitCode = exitCode(counts);
