import { ensureBuilt, type ResolveOptions, resolution } from "./built.ts";
import { runChild } from "./child.ts";
import { executablesOnPath } from "./path.ts";
import type { GoProgram, Program } from "./program.ts";
import { type ProgramName, programs } from "./registered.ts";
import { atLeast, parseVersion } from "./version.ts";

/**
 * A registered program: from PATH where it is at least the pinned version's major.minor (that very version,
 * where the program asks for it), else built. Throws ProgramError: what `go build` throws.
 */
export async function resolveProgram(name: ProgramName, o: ResolveOptions = {}): Promise<Program> {
  const r = resolution(o);
  const program: GoProgram = programs[name];
  const minimum = parseVersion(program.version);
  for (const path of executablesOnPath(name, r.env)) {
    const child = await runChild(path, ["--version"], { env: r.env, timeoutMs: 20_000 });
    const text = child.code === 0 ? (/version v?(\S+)/.exec(child.output)?.[1] ?? "") : "";
    const version = parseVersion(text);
    if (version === undefined || minimum === undefined) continue;
    const found = version.join(".");
    const fits = program.exact ? found === program.version : atLeast(version, [minimum[0], minimum[1], 0]);
    if (fits) return { name, version: found, path };
    r.stderr.write(
      `${path} is ${text}, ${program.exact ? "not" : "older than"} ${program.version}: not used\n`,
    );
  }
  return buildProgram(name, o);
}

/** A registered program as we build it, whatever is on PATH: linked statically, so that it runs in any image. */
export async function buildProgram(name: ProgramName, o: ResolveOptions = {}): Promise<Program> {
  const program: GoProgram = programs[name];
  return { name, version: program.version, path: await ensureBuilt(program, resolution(o)) };
}
