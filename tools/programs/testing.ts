import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

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

/** The system's own programs, which scripts need; none of ours is among them. */
export const systemPath = "/usr/bin:/bin";
