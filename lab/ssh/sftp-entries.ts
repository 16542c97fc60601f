import type { Attributes } from "ssh2";
import { absolutePath, type FileInfo, type FileTree } from "./files/tree.ts";

export interface Entry {
  filename: string;
  longname: string;
  attrs: Attributes;
}

/** What a folder holds, with itself and its parent, as SFTP lists it. */
export function listFolder(tree: FileTree, path: string): Entry[] {
  return [".", "..", ...tree.list(path)].flatMap((filename) => {
    const info = tree.stat(absolutePath(filename, path));
    if (info === undefined) return [];
    return [{ filename, longname: longName(filename, info), attrs: attributes(info) }];
  });
}

/** Attributes of version 3; everything belongs to root. */
export function attributes(info: FileInfo): Attributes {
  const mode = (info.type === "directory" ? 0o040000 : 0o100000) | info.mode;
  return { mode, uid: 0, gid: 0, size: info.size, atime: info.modified, mtime: info.modified };
}

/** As `ls -l` prints it; clients show this text as it is. */
function longName(name: string, info: FileInfo): string {
  const bits = [...info.mode.toString(2).padStart(9, "0").slice(-9)];
  const rights = bits.map((bit, index) => (bit === "1" ? "rwx"[index % 3] : "-")).join("");
  const when = new Date(info.modified * 1000).toUTCString().replace(/^\w+, (\d+) (\w+) (\d+).*/, "$2 $1  $3");
  const kind = info.type === "directory" ? "d" : "-";
  return `${kind}${rights}    1 root     root     ${String(info.size).padStart(8)} ${when} ${name}`;
}
