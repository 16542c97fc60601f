import { existsSync } from "node:fs";
import { builtPath, ensureBuilt, type ResolveOptions, resolution } from "./built.ts";
import { goBuild } from "./go-build.ts";
import { ensureMirror, type Mirror } from "./mirror.ts";
import type { GoProvider } from "./program.ts";
import { downloadProvider, registryAnswers } from "./provider-registry.ts";
import { type ProviderSource, providers } from "./registered.ts";
import { resolveTool, type Tool } from "./resolve-tool.ts";

export interface ProviderOptions extends ResolveOptions {
  /** Tells whether the registry can be reached; asks it by default. */
  readonly probe?: typeof registryAnswers;
}

/**
 * The named providers, in a filesystem mirror both tools take: from the cache, else from the provider
 * registry where it answers, else built. Throws ProgramError where none of these works.
 */
export async function resolveProviders(
  names: readonly ProviderSource[],
  o: ProviderOptions = {},
): Promise<Mirror> {
  const r = resolution(o);
  const wanted: readonly GoProvider[] = names.map((name) => providers[name]);
  const missing = wanted.filter((provider) => !existsSync(builtPath(provider, r.cache)));
  if (missing.length > 0) {
    const tool = await resolveTool("any", o);
    const online = await (o.probe ?? registryAnswers)(tool.kind);
    for (const provider of missing) {
      await ensureBuilt(provider, r, async (target) => {
        if (online && (await downloaded(provider, tool, target, o))) return;
        await goBuild(provider, target, r);
      });
    }
  }
  return ensureMirror(wanted, r.cache);
}

async function downloaded(
  provider: GoProvider,
  tool: Tool,
  target: string,
  o: ResolveOptions,
): Promise<boolean> {
  const { env, stderr } = resolution(o);
  stderr.write(`downloading ${provider.title} ${provider.version}\n`);
  try {
    await downloadProvider(provider, tool, target, env);
    return true;
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return false;
  }
}

/** Every registered provider: what the whole of our Terraform code needs. */
export function resolveAllProviders(o: ProviderOptions = {}): Promise<Mirror> {
  return resolveProviders(Object.keys(providers) as ProviderSource[], o);
}
