import type { Stats } from "node:fs";
import { messageOf } from "../model/problem.ts";

const words: Record<string, string> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is too large for the file system",
  EIO: "the disk reports an error",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links lead round in a circle",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "there is no such file or folder",
  ENOSPC: "no space is left on the disk",
  ENOTDIR: "what should be a folder on the way to it is a file",
  EPERM: "that is not permitted",
  EROFS: "the file system is read-only",
};

/** Why the system refused something with a file: `no space is left on the disk (ENOSPC)`. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return code === undefined || words[code] === undefined ? messageOf(error) : `${words[code]} (${code})`;
}

/** `ENOENT` */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/** What is there in place of a regular file. */
export function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a pipe";
  return stats.isSocket() ? "a socket" : "a device";
}
