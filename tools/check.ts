import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeFolders, root, withPrivateCopy } from "./private-copy.ts";
import { runChild } from "./programs/child.ts";
import { resolveAllProviders, resolveTool, toolEnvironment } from "./programs/index.ts";
import { withHome } from "./test-vitest.ts";

/** `skipped` is why there is nothing to check; `failed` is what to read. */
type Outcome = "ok" | { readonly skipped: string } | { readonly failed: string };

interface Step {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

/** A program of our packages, by the file behind its command. */
function script(file: string, ...args: string[]): () => Promise<Outcome> {
  return async () => {
    const { code, output } = await runChild(process.execPath, [join(root, "node_modules", file), ...args], {
      cwd: root,
      env: withHome(home),
    });
    return code === 0 ? "ok" : { failed: output };
  };
}

const infrastructure = join(root, "infrastructure");
const home = await mkdtemp(join(tmpdir(), "pve-home-home-"));

async function terraformFormat(): Promise<Outcome> {
  if (!existsSync(infrastructure)) return { skipped: "no infrastructure folder" };
  const tool = await resolveTool("any");
  return withPrivateCopy(infrastructure, async (cwd) => {
    const { code, output } = await runChild(tool.path, ["fmt", "-check", "-recursive", "-diff"], { cwd });
    return code === 0
      ? "ok"
      : { failed: `${output}\nmend it with: ${tool.kind} fmt -recursive infrastructure` };
  });
}

async function terraformValidate(): Promise<Outcome> {
  const folders = await codeFolders(infrastructure);
  if (folders.length === 0) return { skipped: "no Terraform code" };
  const tool = await resolveTool("any");
  const { cliConfig } = await resolveAllProviders();
  return withPrivateCopy(infrastructure, async (copy) => {
    const env = toolEnvironment(cliConfig, home);
    const failures: string[] = [];
    for (const { path } of folders) {
      const run = (args: string[]) => runChild(tool.path, args, { cwd: join(copy, path), env });
      const init = await run(["init", "-backend=false", "-no-color"]);
      const last = init.code === 0 ? await run(["validate", "-no-color"]) : init;
      if (last.code !== 0) failures.push(`infrastructure/${path}\n${last.output}`);
    }
    return failures.length === 0 ? "ok" : { failed: failures.join("\n") };
  });
}

async function architecture(): Promise<Outcome> {
  if (!existsSync(join(root, "test", "architecture.test.ts"))) {
    return { failed: "test/architecture.test.ts is missing" };
  }
  return script("vitest/vitest.mjs", "run", "test/architecture.test.ts")();
}

const steps: readonly Step[] = [
  { name: "biome", run: script("@biomejs/biome/bin/biome", "check") },
  { name: "types", run: script("typescript/bin/tsc", "--noEmit") },
  { name: "knip", run: script("knip/bin/knip.js") },
  { name: "architecture", run: architecture },
  { name: "terraform fmt", run: terraformFormat },
  { name: "terraform validate", run: terraformValidate },
];

for (const step of steps) {
  const began = performance.now();
  const outcome = await step.run().catch((error: unknown): Outcome => ({ failed: String(error) }));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const [word, rest] =
    outcome === "ok"
      ? ["ok", ""]
      : "skipped" in outcome
        ? ["skipped", `  (${outcome.skipped})`]
        : ["FAILED", `\n${outcome.failed.trimEnd()}\n`];
  console.log(`${word.padEnd(7)} ${step.name.padEnd(18)} ${seconds.padStart(5)} s${rest}`);
  if (word === "FAILED") process.exitCode = 1;
}
await rm(home, { recursive: true, force: true });
