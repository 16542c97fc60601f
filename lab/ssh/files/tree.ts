import { posix } from "node:path";

export interface FileInfo {
  type: "file" | "directory";
  /** Bytes. */
  size: number;
  /** Permission bits, without the type. */
  mode: number;
  /** Unix seconds. */
  modified: number;
}

/** A file system as SFTP and the commands see it. Paths are absolute and normalised; errors carry a `code`. */
export interface FileTree {
  stat(path: string): FileInfo | undefined;
  read(path: string): Buffer;
  list(path: string): string[];
  write(path: string, content: Buffer): void;
  makeDirectory(path: string): void;
  remove(path: string): void;
  removeDirectory(path: string): void;
  /** Replaces an existing file, as POSIX does. */
  rename(from: string, to: string): void;
  setMode(path: string, mode: number): void;
}

const reasons = {
  ENOENT: "No such file or directory",
  EACCES: "Permission denied",
  EISDIR: "Is a directory",
  ENOTDIR: "Not a directory",
  ENOTEMPTY: "Directory not empty",
  EEXIST: "File exists",
} as const;

export type FileErrorCode = keyof typeof reasons;

/** An error with the same `code` as Node's own file errors. */
export function fileError(code: FileErrorCode, path: string): Error {
  return Object.assign(new Error(`${reasons[code]}: ${path}`), { code });
}

/** The code of an error from a file tree; undefined for any other error. */
export function fileErrorCode(error: unknown): FileErrorCode | undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code in reasons ? (code as FileErrorCode) : undefined;
}

/** What a program prints after the path. */
export function fileErrorReason(error: unknown): string {
  const code = fileErrorCode(error);
  return code === undefined ? "Input/output error" : reasons[code];
}

/** The absolute, normalised form of a path, without a trailing slash. */
export function absolutePath(path: string, folder: string): string {
  return posix.resolve("/", folder, path);
}

const binaryMark = "\0base64:";

/** File content as the world keeps it: text, or marked base64 where it is not UTF-8. */
export function toStored(content: Buffer): string {
  const text = content.toString("utf8");
  return Buffer.from(text).equals(content) ? text : binaryMark + content.toString("base64");
}

export function fromStored(stored: string): Buffer {
  if (!stored.startsWith(binaryMark)) return Buffer.from(stored);
  return Buffer.from(stored.slice(binaryMark.length), "base64");
}
