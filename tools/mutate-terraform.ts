import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inParallel } from "./in-parallel.ts";
import { root, withPrivateCopy } from "./private-copy.ts";
import { runChild } from "./programs/child.ts";
import {
  resolveAllProviders,
  resolveTool,
  serveProviders,
  type Tool,
  toolEnvironment,
} from "./programs/index.ts";

export interface Mutation {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * Lines whose absence no plan with a mocked provider shows. That what they say is re-created with its guest is tested
 * with the real provider (test/terraform/changes-to-prod.test.ts).
 */
const seenElsewhere = /^(triggers_replace = proxmox_|replace_triggered_by = )/;

/** The lines of a file that set something of a resource and can be left out alone. */
export function mutationsOf(file: string, hcl: string): Mutation[] {
  let inResource = false;
  return hcl.split("\n").flatMap((text, index) => {
    if (/^\S/.test(text)) inResource = text.startsWith("resource ");
    const sets = /^\s+\w+\s+= \S/.test(text) && !/[[({]$/.test(text);
    return inResource && sets ? [{ file, line: index + 1, text: text.trim() }] : [];
  });
}

/** The file without one of its lines. */
export function without(hcl: string, line: number): string {
  return hcl
    .split("\n")
    .filter((_, index) => index + 1 !== line)
    .join("\n");
}

/** The tests that look at resources: refused values, of which there are most, never get that far. */
async function testFiles(folder: string): Promise<string[]> {
  const files = (await readdir(join(folder, "tests"))).filter((file) => file.endsWith(".tftest.hcl"));
  return files.filter((file) => file !== "validation.tftest.hcl").map((file) => `-filter=tests/${file}`);
}

/** Leaves out one line after another, and runs the module's tests; those without which they still pass. */
async function survivors(named: string, tool: Tool, env: NodeJS.ProcessEnv): Promise<Mutation[]> {
  const [module = "", pattern = ""] = named.split(":");
  return withPrivateCopy(join(root, "infrastructure"), async (copy) => {
    const folder = join(copy, "proxmox", "modules", module);
    const run = (...args: string[]) => runChild(tool.path, [...args, "-no-color"], { cwd: folder, env });
    await run("init", "-backend=false");
    const tests = await testFiles(folder);
    const { code, output } = await run("test", ...tests);
    if (code !== 0) throw new Error(`the tests of module ${module} do not pass as it is:\n${output}`);
    const survived: Mutation[] = [];
    const wanted = (await mutationsIn(folder)).filter(({ file, text }) =>
      new RegExp(pattern).test(`${file} ${text}`),
    );
    for (const mutation of wanted) {
      if (seenElsewhere.test(mutation.text)) continue;
      const path = join(folder, mutation.file);
      const hcl = await readFile(path, "utf8");
      await writeFile(path, without(hcl, mutation.line));
      const noticed = (await run("test", ...tests)).code !== 0;
      await writeFile(path, hcl);
      console.log(
        `${noticed ? "noticed " : "SURVIVED"}  ${module}/${mutation.file}:${mutation.line}  ${mutation.text}`,
      );
      if (!noticed) survived.push(mutation);
    }
    return survived;
  });
}

async function mutationsIn(folder: string): Promise<Mutation[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".tf")).sort();
  const found = files.map(async (file) => mutationsOf(file, await readFile(join(folder, file), "utf8")));
  return (await Promise.all(found)).flat();
}

/**
 * Of the modules named, or of those that declare guests and jobs; `vm:mac|^firewall` takes the lines that match the
 * pattern, after the name of their file, alone. A line takes some seconds, all of them a quarter of an hour.
 */
async function main(named: readonly string[]): Promise<void> {
  const modules = named.length > 0 ? named : ["vm", "lxc", "backup"];
  const { cliConfig } = await resolveAllProviders();
  const tool = await resolveTool("any");
  const home = await mkdtemp(join(tmpdir(), "pve-home-home-"));
  const env = { GOGC: "400", ...toolEnvironment(cliConfig, home) };
  const served = await serveProviders(env);
  try {
    const work = modules.map((module) => () => survivors(module, tool, { ...env, ...served.env }));
    const survived = (await inParallel(work, availableParallelism())).flat();
    console.log(`${survived.length} survived`);
    process.exitCode = survived.length === 0 ? 0 : 1;
  } finally {
    await served.stop();
    await rm(home, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
