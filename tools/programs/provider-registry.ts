import { chmod, copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platform } from "./built.ts";
import { runChild } from "./child.ts";
import { type GoProvider, ProgramError } from "./program.ts";
import type { Tool, ToolKind } from "./resolve-tool.ts";

const registryHost = {
  tofu: "registry.opentofu.org",
  terraform: "registry.terraform.io",
} satisfies Record<ToolKind, string>;

/** True when a tool's provider registry answers within `timeoutMs`. */
export async function registryAnswers(
  kind: ToolKind,
  timeoutMs = 4000,
  get: typeof fetch = fetch,
): Promise<boolean> {
  const url = `https://${registryHost[kind]}/.well-known/terraform.json`;
  try {
    const reply = await get(url, { signal: AbortSignal.timeout(timeoutMs) });
    const body: unknown = await reply.json();
    return reply.ok && typeof body === "object" && body !== null && "providers.v1" in body;
  } catch {
    return false;
  }
}

/**
 * Downloads a provider with the tool itself, which checks its signature, and puts its executable at `target`.
 * Throws ProgramError child-failed.
 */
export async function downloadProvider(
  provider: GoProvider,
  tool: Tool,
  target: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "pve-home-provider-"));
  try {
    await writeFile(join(dir, "main.tf"), requirement(provider));
    await writeFile(
      join(dir, "direct.tfrc"),
      "disable_checkpoint = true\nprovider_installation {\n  direct {}\n}\n",
    );
    const { TF_DATA_DIR: _, TF_PLUGIN_CACHE_DIR: __, ...rest } = env;
    const init = await runChild(tool.path, ["init", "-backend=false", "-input=false", "-no-color"], {
      cwd: dir,
      env: { ...rest, TF_CLI_CONFIG_FILE: join(dir, "direct.tfrc"), TF_IN_AUTOMATION: "1" },
      timeoutMs: 300_000,
    });
    if (init.code !== 0) {
      throw new ProgramError(
        "child-failed",
        `${tool.kind} init could not download ${provider.source} ${provider.version}`,
        init.output.trim(),
      );
    }
    const installed = join(dir, ".terraform/providers", registryHost[tool.kind], provider.source);
    const unpacked = join(installed, provider.version, platform());
    const file = (await readdir(unpacked)).find((name) => name.startsWith(provider.name));
    if (file === undefined) {
      throw new ProgramError("child-failed", `no ${provider.name} in what ${tool.kind} downloaded`, unpacked);
    }
    await copyFile(join(unpacked, file), target);
    await chmod(target, 0o755);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function requirement(provider: GoProvider): string {
  const name = provider.source.split("/").at(-1);
  return `terraform {
  required_providers {
    ${name} = { source = "${provider.source}", version = "= ${provider.version}" }
  }
}
`;
}
