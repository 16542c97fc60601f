import { createHash } from "node:crypto";
import { join } from "node:path";
import { cacheDir } from "../start.mjs";
import { ensureCached } from "./cached.ts";
import { goBuild } from "./go-build.ts";
import type { GoProgram } from "./program.ts";
import type { ProgressStream } from "./progress.ts";

export interface ResolveOptions {
  /** Names PATH, HOME, PVE_HOME_CACHE and Go's own settings; the process's by default. */
  readonly env?: NodeJS.ProcessEnv;
  readonly stderr?: ProgressStream;
}

/** Options with their defaults. */
export interface Resolution {
  readonly env: NodeJS.ProcessEnv;
  readonly stderr: ProgressStream;
  readonly cache: string;
}

export function resolution(o: ResolveOptions): Resolution {
  const env = o.env ?? process.env;
  return { env, stderr: o.stderr ?? process.stderr, cache: cacheDir(env) };
}

/** This machine in Go's and Terraform's words, e.g. `linux_amd64`. */
export function platform(os: string = process.platform, arch: string = process.arch): string {
  return `${os === "win32" ? "windows" : os}_${arch === "x64" ? "amd64" : arch}`;
}

/**
 * The cache folder name of a program. Its module's checksum covers the go.sum in it, and so every line of
 * source that goes into the build.
 */
export function cacheKey(program: GoProgram, machine: string = platform()): string {
  const inputs = [program.sum, program.goModSum, program.package, program.ldflags ?? ""];
  if (program.added !== undefined) inputs.push(JSON.stringify(program.added));
  const hash = createHash("sha256").update(inputs.join("\n")).digest("hex").slice(0, 12);
  return `${program.name}-${program.version}-${machine}-${hash}`;
}

/** Where a program's executable is kept, there or not. */
export function builtPath(program: GoProgram, cache: string): string {
  return join(cache, "programs", cacheKey(program), program.name);
}

/**
 * Puts a program into the cache unless it is there.
 * `make` writes the executable to the path it is given; `go build` by default.
 */
export async function ensureBuilt(
  program: GoProgram,
  r: Resolution,
  make: (target: string) => Promise<void> = (target) => goBuild(program, target, r),
): Promise<string> {
  const title = `${program.title} ${program.version}`;
  const folder = { kind: "programs", key: cacheKey(program), title } as const;
  return join(await ensureCached(folder, r, (dir) => make(join(dir, program.name))), program.name);
}
