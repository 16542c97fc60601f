import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformFormat, terraformLint, terraformValidate } from "./check-terraform.ts";
import type { Outcome } from "./outcome.ts";
import { root } from "./private-copy.ts";
import { runChild } from "./programs/child.ts";
import { terraformDocs } from "./terraform-docs.ts";
import { withHome } from "./test-vitest.ts";

interface Step {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

/** A program of our packages, by the file behind its command. */
function script(file: string, ...args: string[]): () => Promise<Outcome> {
  return ours(join("node_modules", file), ...args);
}

/** A program by its path from the root. */
function ours(file: string, ...args: string[]): () => Promise<Outcome> {
  return async () => {
    const { code, output } = await runChild(process.execPath, [join(root, file), ...args], {
      cwd: root,
      env: withHome(home),
    });
    return code === 0 ? "ok" : { failed: output };
  };
}

const home = await mkdtemp(join(tmpdir(), "pve-home-home-"));

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
  { name: "monitoring", run: ours("monitoring/generate.ts", "--check") },
  { name: "terraform fmt", run: () => terraformFormat(home) },
  { name: "terraform validate", run: () => terraformValidate(home) },
  { name: "tflint", run: () => terraformLint(home) },
  { name: "terraform-docs", run: () => terraformDocs("check") },
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
