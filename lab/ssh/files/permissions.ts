import { type FileTree, fileError } from "./tree.ts";

/**
 * The tree as a user may use it: root everything; others read what is world-readable outside `/root` and
 * writes in the home folder and the temporary ones.
 */
export function asUser(tree: FileTree, user: string, home: string): FileTree {
  if (user === "root") return tree;
  const mayRead = (path: string): string => {
    if (path.startsWith("/root/")) throw fileError("EACCES", path);
    const worldReadable = ((tree.stat(path)?.mode ?? 0o004) & 0o004) !== 0;
    if (!isBelow(path, home) && !worldReadable) throw fileError("EACCES", path);
    return path;
  };
  const mayWrite = (path: string): string => {
    if (![home, "/tmp", "/var/tmp"].some((folder) => isBelow(path, folder))) throw fileError("EACCES", path);
    return path;
  };
  return {
    stat: (path) => tree.stat(path.startsWith("/root/") ? mayRead(path) : path),
    read: (path) => tree.read(mayRead(path)),
    list: (path) => tree.list(mayRead(path)),
    write: (path, content) => tree.write(mayWrite(path), content),
    makeDirectory: (path) => tree.makeDirectory(mayWrite(path)),
    remove: (path) => tree.remove(mayWrite(path)),
    removeDirectory: (path) => tree.removeDirectory(mayWrite(path)),
    rename: (from, to) => tree.rename(mayWrite(from), mayWrite(to)),
    setMode: (path, mode) => tree.setMode(mayWrite(path), mode),
  };
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
