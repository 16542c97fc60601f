import { randomBytes } from "node:crypto";
import { constants, open, rename, rm, writeFile } from "node:fs/promises";

/** Writes to a temporary name in the same folder, then renames; readers see the old or the new file, whole. */
export async function writeFileAtomically(file: string, content: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, content, { mode });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The text of a regular file; undefined where there is none. Never waits, as it would for a pipe. */
export async function textOf(file: string): Promise<string | undefined> {
  const opened = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  try {
    return (await opened?.stat())?.isFile() ? await opened?.readFile("utf8") : undefined;
  } finally {
    await opened?.close();
  }
}
