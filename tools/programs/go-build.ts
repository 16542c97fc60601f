import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runChild } from "./child.ts";
import { parseDownload, pinnedSums, renderGoMod } from "./go-module.ts";
import { goEnvironment, requireGo } from "./go-toolchain.ts";
import { type GoProgram, ProgramError } from "./program.ts";
import { type ProgressStream, startProgress } from "./progress.ts";

export interface BuildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cache: string;
  readonly stderr: ProgressStream;
}

/**
 * Builds a program from its Go module to the file `target`.
 *
 * Not `go install MODULE@VERSION`, which refuses modules with `replace` lines: a small module of our own
 * requires it, with the program's own go.sum as the start of ours.
 * Throws ProgramError: go-missing, go-too-old, build-failed.
 */
export async function goBuild(program: GoProgram, target: string, o: BuildOptions): Promise<void> {
  const env = goEnvironment(o.env, o.cache);
  await requireGo(program, env);
  const title = `${program.title} ${program.version}`;
  const end = startProgress(`building ${title}, about ${about(program.seconds)}`, o.stderr);
  const dir = await mkdtemp(join(tmpdir(), "pve-home-build-"));
  const go = async (...args: string[]): Promise<string> => {
    const result = await runChild("go", args, { cwd: dir, env });
    if (result.code === 0) return result.stdout;
    const tail = result.output.trim().split("\n").slice(-15).join("\n  ");
    throw new ProgramError(
      "build-failed",
      `building ${title} failed at "go ${args.slice(0, 2).join(" ")}" (exit ${result.code}):\n  ${tail}`,
      "Go needs its module proxy (go env GOPROXY) or the sources' own hosts, and about 3 GB of free disk.",
    );
  };
  try {
    await writeFile(join(dir, "go.mod"), `module download.build.pve-home\ngo ${program.go}\n`);
    await writeFile(join(dir, "go.sum"), pinnedSums(program));
    const source = parseDownload(
      await go("mod", "download", "-json", `${program.module}@${program.moduleVersion}`),
    );
    const theirSums = await readFile(join(source.dir, "go.sum"), "utf8");
    const goMod = renderGoMod(program, await go("mod", "edit", "-json", source.goMod));
    await writeFile(join(dir, "go.mod"), goMod);
    await writeFile(join(dir, "go.sum"), theirSums + pinnedSums(program));
    if (program.added !== undefined) {
      await addFiles(source.dir, program.added, join(dir, "source"));
      await writeFile(join(dir, "go.mod"), `${goMod}replace ${program.module} => ./source\n`);
    }
    await mkdir(dirname(target), { recursive: true });
    const ldflags = ["-s -w", program.ldflags].filter(Boolean).join(" ");
    await go("build", "-trimpath", "-ldflags", ldflags, "-o", target, program.package);
    end(`built ${title}`);
  } catch (error) {
    end();
    throw error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** A copy of a module with the files that it lacks: Go takes no -overlay below its module cache. */
async function addFiles(
  source: string,
  added: Readonly<Record<string, string>>,
  copy: string,
): Promise<void> {
  await cp(source, copy, { recursive: true });
  // Folders of the module cache are read-only, and so are their copies.
  await chmod(copy, 0o755);
  for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
  for (const [path, content] of Object.entries(added)) await writeFile(join(copy, path), content);
}

function about(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds / 10) * 10} seconds` : `${Math.round(seconds / 60)} minutes`;
}
