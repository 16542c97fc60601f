import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withLock } from "../start.mjs";
import { builtPath, cacheKey, platform } from "./built.ts";
import type { GoProvider } from "./program.ts";

/** A source without a host means the first to OpenTofu and the second to Terraform. */
export const hosts = ["registry.opentofu.org", "registry.terraform.io"] as const;

export interface Mirror {
  /** Folder of a `filesystem_mirror`. */
  readonly mirror: string;
  /** CLI configuration file naming it, for TF_CLI_CONFIG_FILE. */
  readonly cliConfig: string;
}

/** A provider's executable below the mirror folder, in the unpacked layout both tools read. */
function mirrorPath(host: string, provider: GoProvider): string {
  const file = `${provider.name}_v${provider.version}`;
  return join(host, provider.source, provider.version, platform(), file);
}

/** Where the mirror of these providers is kept. Keyed by their builds, so that a new one is a new mirror. */
function mirrorOf(providers: readonly GoProvider[], cache: string): Mirror {
  const keys = providers.map((p) => cacheKey(p)).sort();
  const hash = createHash("sha256").update(keys.join("\n")).digest("hex").slice(0, 12);
  const dir = join(cache, "mirrors", hash);
  return { mirror: join(dir, "providers"), cliConfig: join(dir, "terraform.tfrc") };
}

/** Lays out the mirror of providers that are in the cache already. */
export async function ensureMirror(providers: readonly GoProvider[], cache: string): Promise<Mirror> {
  const result = mirrorOf(providers, cache);
  if (!existsSync(result.mirror)) {
    const dir = dirname(result.mirror);
    await withLock(join(cache, "locks", `mirror-${dir.slice(-12)}`), async () => {
      if (existsSync(result.mirror)) return;
      const fresh = `${result.mirror}.tmp`;
      await rm(fresh, { recursive: true, force: true });
      for (const provider of providers) {
        for (const host of hosts) {
          await place(builtPath(provider, cache), join(fresh, mirrorPath(host, provider)));
        }
      }
      await rename(fresh, result.mirror);
    });
  }
  await writeIfOther(result.cliConfig, renderCliConfig(result.mirror));
  return result;
}

/** Everything from the mirror: what is not registered here is an error at once, not a download. */
function renderCliConfig(mirror: string): string {
  const include = JSON.stringify(hosts.map((host) => `${host}/*/*`));
  return `disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ${include}
  }
  direct {
    exclude = ${include}
  }
}
`;
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  // Four providers of 50 MB are worth a link; not every file system has them.
  await link(from, to).catch(() => copyFile(from, to));
}

/** The cache folder may have been moved since the file was written. */
async function writeIfOther(path: string, content: string): Promise<void> {
  const is = await readFile(path, "utf8").catch(() => undefined);
  if (is === content) return;
  const fresh = `${path}.tmp-${process.pid}`;
  await writeFile(fresh, content);
  await rename(fresh, path);
}
