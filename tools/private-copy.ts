import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** What Terraform and its users leave in a folder, which is no part of the code. */
const leftBehind = /^(\.terraform|\.terraform\.lock\.hcl|terraform\.tfvars|.*\.tfstate(\..*)?|.*\.tfplan)$/;

/** Copies a folder of Terraform code, without what users leave in it, to a temporary one. */
export async function privateCopy(folder: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "pve-home-code-"));
  await cp(folder, copy, { recursive: true, filter: (from) => !leftBehind.test(basename(from)) });
  return copy;
}

/** Runs `work` with a private copy of a folder, and removes it. */
export async function withPrivateCopy<T>(folder: string, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = await privateCopy(folder);
  try {
    return await work(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

export interface CodeFolder {
  /** Below the folder searched. */
  readonly path: string;
  /** It has `tests/*.tftest.hcl`. */
  readonly tested: boolean;
}

/** Every folder of Terraform code below one, in the order of their names. */
export async function codeFolders(folder: string): Promise<CodeFolder[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("/.terraform"))
    .map((entry) => ({ in: relative(folder, entry.parentPath), name: entry.name }));
  const tests = new Set(files.filter((file) => file.name.endsWith(".tftest.hcl")).map((file) => file.in));
  const code = new Set(files.filter((file) => file.name.endsWith(".tf")).map((file) => file.in));
  // Helper modules of tests are checked by the tests.
  const paths = [...code].filter((path) => !path.split("/").includes("tests")).sort();
  return paths.map((path) => ({ path, tested: tests.has(join(path, "tests")) }));
}
