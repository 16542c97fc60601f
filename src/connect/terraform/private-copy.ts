import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { isProblem, Problem } from "../../model/problem.ts";
import { noWorkspace } from "../no-workspace.ts";
import { codeOf } from "../system-error.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../temporary-folders.ts";
import { localStateFile } from "./local-state.ts";
import type { TerraformRun } from "./types.ts";

export interface PrivateCopy {
  /** All of it; short enough for the sockets that providers make in their TMPDIR. */
  root: string;
  /** The environment's folder in it. */
  directory: string;
  /** Gives the user's folder what init has made here, where it has no lock file of its own. */
  keepInit(): void;
  remove(): void;
  /** See `TemporaryFolder`. */
  keep(): void;
}

/**
 * Copies an environment into a folder only we can read, at the same depth: what its files name with `../` is linked
 * beside it. States and `.terraform` stay where they are.
 */
export function copyEnvironment(run: TerraformRun): PrivateCopy {
  if (!existsSync(run.directory)) {
    throw new Problem({
      kind: "configuration",
      code: "terraform-directory",
      message: `there is no folder ${run.directory}`,
      place: run.directory,
    });
  }
  const { path: root, remove, keep } = makeFolder(run);
  const directory = join(root, resolve(run.directory));
  try {
    mkdirSync(dirname(directory), { recursive: true });
    const filter = (file: string) => !leftBehind(basename(file));
    cpSync(run.directory, directory, { recursive: true, dereference: true, filter });
    for (const target of outsideReferences(run.directory)) link(target, join(root, target));
    keepWorkspace(run, directory);
  } catch (error) {
    remove();
    throw uncopied(run, error);
  }
  return { root, directory, keepInit: () => keepInit(run, directory), remove, keep };
}

function makeFolder(run: TerraformRun): TemporaryFolder {
  try {
    return makeTemporaryFolder("tf");
  } catch (cause) {
    throw uncopied(run, cause);
  }
}

/** Where the user's own files cannot be read, the system names them. */
function uncopied(run: TerraformRun, cause: unknown): unknown {
  const path = cause instanceof Error && "path" in cause ? String(cause.path) : "";
  const theirs = path.startsWith(run.directory) && codeOf(cause) !== "ENOSPC";
  return isProblem(cause) || theirs
    ? cause
    : noWorkspace("terraform", `${run.directory} cannot be copied`, cause);
}

function leftBehind(name: string): boolean {
  return [".terraform", ".git"].includes(name) || /\.tfstate($|\.)|\.tfplan$|^crash.*\.log$/.test(name);
}

/** What the configuration names beside or above its folder: `../../modules`. */
function outsideReferences(directory: string): string[] {
  const texts = readdirSync(directory)
    .filter((name) => /\.(tf|tofu|tfvars)(\.json)?$/.test(name))
    .map((name) => readFileSync(join(directory, name), "utf8"));
  const references = [
    "../../modules",
    ...texts.flatMap((text) => text.match(/(\.\.\/)+[\w@-][\w.@-]*/g) ?? []),
  ];
  return [...new Set(references.map((reference) => resolve(directory, reference)))].filter(
    (target) => existsSync(target) && !`${resolve(directory)}${sep}`.startsWith(`${target}${sep}`),
  );
}

function link(target: string, place: string): void {
  if (existsSync(place)) return;
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(target, place);
}

/** Init looks into a local state for the providers it needs, and at the workspace that is selected. */
function keepWorkspace(run: TerraformRun, directory: string): void {
  const selected = join(run.directory, ".terraform", "environment");
  if (existsSync(selected)) cpSync(selected, join(directory, ".terraform", "environment"));
  const state = localStateFile(run);
  const name = state?.slice(resolve(run.directory).length + 1);
  if (state !== undefined && name !== undefined && existsSync(state) && state === join(run.directory, name)) {
    link(state, join(directory, name));
  }
}

function keepInit(run: TerraformRun, directory: string): void {
  const lockFile = ".terraform.lock.hcl";
  if (existsSync(join(run.directory, lockFile)) || !existsSync(join(directory, lockFile))) return;
  cpSync(join(directory, lockFile), join(run.directory, lockFile));
  const providers = join(".terraform", "providers");
  if (!existsSync(join(directory, providers)) || existsSync(join(run.directory, providers))) return;
  cpSync(join(directory, providers), join(run.directory, providers), {
    recursive: true,
    verbatimSymlinks: true,
  });
}
