import { randomBytes } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";

/** Writes to a temporary name in the same folder, then renames; readers see the old or the new file, whole. */
export async function writeFileAtomically(file: string, content: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  await writeFile(temporary, content, { mode });
  await rename(temporary, file);
}
