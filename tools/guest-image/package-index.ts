import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inParallel } from "../in-parallel.ts";
import { runChild } from "../programs/child.ts";

/**
 * Copies the packages of one folder to another and writes the index that makes it a flat apt repository
 * (`deb [trusted=yes] URL ./`): `Packages`, for each its control fields with name, size and SHA256 of the file.
 */
export async function indexPackages(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = (await readdir(from)).filter((name) => name.endsWith(".deb")).sort();
  const work = names.map((name) => async () => {
    // apt writes an epoch as %3a, which a URL would turn back into a colon.
    const target = name.replaceAll("%3a", "_");
    await copyFile(join(from, name), join(to, target));
    return stanza(join(to, target), target);
  });
  const stanzas = await inParallel(work, 4);
  await writeFile(join(to, "Packages"), stanzas.join("\n"));
}

async function stanza(path: string, name: string): Promise<string> {
  const control = await runChild("dpkg-deb", ["--field", path]);
  if (control.code !== 0) throw new Error(`${path} is no package: ${control.output}`);
  const bytes = await readFile(path);
  const hash = createHash("sha256").update(bytes).digest("hex");
  return `${control.stdout.trimEnd()}\nFilename: ./${name}\nSize: ${bytes.length}\nSHA256: ${hash}\n`;
}
