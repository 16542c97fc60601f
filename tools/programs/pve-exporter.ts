import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withLock } from "../start.mjs";
import { type Resolution, type ResolveOptions, resolution } from "./built.ts";
import { runChild } from "./child.ts";
import { executablesOnPath } from "./path.ts";
import { type Program, ProgramError } from "./program.ts";
import { startProgress } from "./progress.ts";

/** prometheus-pve-exporter, from PyPI. */
const pveExporter = { name: "pve_exporter", version: "3.10.2", seconds: 15 } as const;

/**
 * prometheus-pve-exporter in a Python environment of its own in the cache; installed there by pip where it is
 * missing. Throws ProgramError: tool-missing without Python 3.9 or its venv, build-failed where pip fails.
 */
export async function resolvePveExporter(o: ResolveOptions = {}): Promise<Program> {
  const r = resolution(o);
  const folder = join(r.cache, "programs", `pve-exporter-${pveExporter.version}-${process.arch}`);
  const path = join(folder, "bin", pveExporter.name);
  const finished = join(folder, "installed");
  if (!existsSync(finished)) {
    const onWait = (): void => {
      r.stderr.write("another process is installing prometheus-pve-exporter, waiting for it\n");
    };
    await withLock(
      join(r.cache, "locks", `pve-exporter-${pveExporter.version}`),
      async () => {
        if (!existsSync(finished)) await install(folder, r);
      },
      { onWait },
    );
  }
  return { name: pveExporter.name, version: pveExporter.version, path };
}

// Scripts of a Python environment hold its path, so it is made where it stays; a file says that it is whole.
async function install(folder: string, r: Resolution): Promise<void> {
  const done = startProgress(`installing prometheus-pve-exporter ${pveExporter.version}`, r.stderr);
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await makeEnvironment(folder, r);
    const wanted = `prometheus-pve-exporter==${pveExporter.version}`;
    const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted];
    const pip = await runChild(join(folder, "bin", "python"), args, { env: r.env, timeoutMs: 300_000 });
    if (pip.code !== 0) {
      throw new ProgramError(
        "build-failed",
        `pip cannot install ${wanted}:\n${pip.output.trim().split("\n").slice(-5).join("\n")}`,
        "PyPI, or a mirror named in pip's configuration, must be reachable.",
      );
    }
    await writeFile(join(folder, "installed"), `${pveExporter.version}\n`);
  } finally {
    done();
  }
}

async function makeEnvironment(folder: string, r: Resolution): Promise<void> {
  const tried: string[] = [];
  for (const python of executablesOnPath("python3", r.env)) {
    const check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))";
    const probe = await runChild(python, ["-c", check], { env: r.env, timeoutMs: 20_000 });
    // A version manager's stand-in with no version chosen fails; the next on PATH may do.
    if (probe.code === 0) {
      const made = await runChild(python, ["-m", "venv", folder], { env: r.env, timeoutMs: 120_000 });
      if (made.code === 0) return;
      tried.push(made.output.trim());
    }
  }
  throw new ProgramError(
    "tool-missing",
    ["Python 3.9 or newer with venv was not found on PATH", ...tried].join("\n"),
    "Install it, on Debian with `apt install python3-venv`.",
  );
}
