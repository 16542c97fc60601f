import { ensureBuilt, type ResolveOptions, resolution } from "./built.ts";
import { runChild } from "./child.ts";
import { executablesOnPath } from "./path.ts";
import type { GoProgram, Program } from "./program.ts";
import { type ProgramName, programs } from "./registered.ts";
import { atLeast, parseVersion } from "./version.ts";

/** A registered program: from PATH where it is at least the pinned version's major.minor, else built. */
export async function resolveProgram(name: ProgramName, o: ResolveOptions = {}): Promise<Program> {
  const r = resolution(o);
  const program: GoProgram = programs[name];
  const minimum = parseVersion(program.version);
  for (const path of executablesOnPath(name, r.env)) {
    const child = await runChild(path, ["--version"], { env: r.env, timeoutMs: 20_000 });
    const text = child.code === 0 ? (/version v?(\S+)/.exec(child.output)?.[1] ?? "") : "";
    const version = parseVersion(text);
    if (version === undefined || minimum === undefined) continue;
    if (atLeast(version, [minimum[0], minimum[1], 0])) return { name, version: version.join("."), path };
    r.stderr.write(`${path} is ${text}, older than ${program.version}: not used\n`);
  }
  return { name, version: program.version, path: await ensureBuilt(program, r) };
}
