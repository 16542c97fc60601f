import { existsSync } from "node:fs";
import { builtPath, ensureBuilt, type ResolveOptions, resolution } from "./built.ts";
import { runChild } from "./child.ts";
import { opentofu } from "./opentofu.ts";
import { executablesOnPath } from "./path.ts";
import { ProgramError } from "./program.ts";
import { atLeast, parseVersion, type Version } from "./version.ts";

export type ToolKind = "tofu" | "terraform";

export interface Tool {
  readonly kind: ToolKind;
  readonly path: string;
  readonly version: string;
}

/** Both tools: S3 state locking without a second service (`use_lockfile`) came with 1.10. */
const minimum: Version = [1, 10, 0];

/** Reads `tofu version` or `terraform version`; undefined when it is neither. */
export function parseToolVersion(text: string): { kind: ToolKind; version: string } | undefined {
  const found = /^(OpenTofu|Terraform) v(\d+\.\d+\.\d+\S*)/m.exec(text);
  if (found === null) return undefined;
  return { kind: found[1] === "OpenTofu" ? "tofu" : "terraform", version: found[2] ?? "" };
}

/**
 * OpenTofu or Terraform, 1.10 or newer: from PATH where one is, else OpenTofu from the cache, else built.
 * `any` takes OpenTofu first. Terraform is never built: its licence is not ours to pass on.
 * Throws ProgramError: tool-missing (Terraform), and what `go build` throws.
 */
export async function resolveTool(kind: ToolKind | "any", o: ResolveOptions = {}): Promise<Tool> {
  const r = resolution(o);
  const kinds: readonly ToolKind[] = kind === "any" ? ["tofu", "terraform"] : [kind];
  for (const wanted of kinds) {
    const tool = await onPath(wanted, o);
    if (tool !== undefined) return tool;
  }
  if (kind === "terraform") {
    throw new ProgramError(
      "tool-missing",
      `terraform ${minimum.join(".")} or newer was not found on PATH`,
      "Install it from https://developer.hashicorp.com/terraform/install, or use OpenTofu.",
    );
  }
  return { kind: "tofu", path: await ensureBuilt(opentofu, r), version: opentofu.version };
}

/** Like resolveTool for one kind, but builds nothing: undefined when that would be needed. */
export async function findTool(kind: ToolKind, o: ResolveOptions = {}): Promise<Tool | undefined> {
  const tool = await onPath(kind, o);
  if (tool !== undefined || kind === "terraform") return tool;
  const path = builtPath(opentofu, resolution(o).cache);
  return existsSync(path) ? { kind, path, version: opentofu.version } : undefined;
}

async function onPath(kind: ToolKind, o: ResolveOptions): Promise<Tool | undefined> {
  const { env, stderr } = resolution(o);
  for (const path of executablesOnPath(kind, env)) {
    const child = await runChild(path, ["version"], { env: quiet(env), timeoutMs: 20_000 });
    const found = parseToolVersion(child.stdout);
    const version = parseVersion(found?.version ?? "");
    // A version manager's stand-in with no version chosen answers with an error; the next on PATH may do.
    if (child.code !== 0 || found?.kind !== kind || version === undefined) continue;
    if (atLeast(version, minimum)) return { ...found, path };
    stderr.write(`${path} is ${found.version}, older than ${minimum.join(".")}: not used\n`);
  }
  return undefined;
}

/** No question to the maker's update service, and no failure over the user's own CLI configuration. */
function quiet(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { TF_CLI_CONFIG_FILE: _, ...rest } = env;
  return { ...rest, CHECKPOINT_DISABLE: "1" };
}
