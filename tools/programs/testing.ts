import { mkdtempSync, symlinkSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { executablesOnPath } from "./path.ts";

/** A temporary folder, gone with its test. */
export async function temporary(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "pve-home-tools-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Writes an executable shell script. */
export async function script(path: string, body: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

/** Collects what is written to stderr. */
export function sink(): { write: (text: string) => void; text: () => string } {
  let all = "";
  return {
    write: (text) => {
      all += text;
    },
    text: () => all,
  };
}

/**
 * A PATH with what scripts need and nothing else: a developer may have tofu, go or node in /usr/bin.
 * It lies in the test file's HOME and goes with it.
 */
export const systemPath = mkdtempSync(join(homedir(), "path-"));
for (const name of ["cmp", "grep", "ln", "mkdir", "readlink", "rm"]) {
  const [path] = executablesOnPath(name, process.env);
  if (path !== undefined) symlinkSync(path, join(systemPath, name));
}
