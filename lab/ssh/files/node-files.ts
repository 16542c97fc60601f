import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { posix, sep } from "node:path";
import { hasFiles } from "../../volumes.ts";
import type { SshContext } from "../context.ts";
import { folders, forgetVolume, recordVolume } from "./storage-volumes.ts";
import { type FileInfo, type FileTree, fileError } from "./tree.ts";

interface Place {
  storage: string;
  /** Path below the storage, `snippets/a.yaml`. */
  inside: string;
  onDisk: string;
}

/**
 * A node's file system: the content folders of its `dir` storages, kept in the lab's own folders, and a few
 * `virtual` files that can be read. Nothing else can be seen or written.
 */
export function nodeFiles(context: SshContext, virtual: Record<string, () => string>): FileTree {
  const storages = () =>
    Object.values(context.world.storages)
      .filter(hasFiles)
      .map(({ storage, path }) => ({ name: storage, path: path ?? `/mnt/pve/${storage}` }));

  /** Where the path lies on disk; undefined outside the content folders. Follows no link out of the storage. */
  function place(path: string): Place | undefined {
    for (const { name, path: root } of storages()) {
      if (!path.startsWith(`${root}/`)) continue;
      const inside = path.slice(root.length + 1);
      const folder = folders.find((known) => inside === known || inside.startsWith(`${known}/`));
      if (folder === undefined) continue;
      const base = context.storageDirectory(name);
      mkdirSync(posix.join(base, folder), { recursive: true });
      const onDisk = posix.join(base, inside);
      const parent = inside === folder ? onDisk : posix.dirname(onDisk);
      const real = realParent(parent);
      if (real !== undefined && !`${real}${sep}`.startsWith(`${realpathSync(base)}${sep}`)) return undefined;
      return { storage: name, inside, onDisk };
    }
    return undefined;
  }

  const writable = (path: string): Place => {
    const found = place(path);
    if (found === undefined || folders.includes(found.inside)) throw fileError("EACCES", path);
    return found;
  };

  /** Folders above what exists, so that a client can walk down to it. */
  function folderNames(path: string): string[] {
    const prefix = path === "/" ? "/" : `${path}/`;
    const roots = storages().flatMap(({ path: root }) => folders.map((folder) => `${root}/${folder}`));
    const below = [...Object.keys(virtual), ...roots, "/root/", "/tmp/"].filter((known) =>
      known.startsWith(prefix),
    );
    return [...new Set(below.map((known) => known.slice(prefix.length).split("/")[0] ?? ""))].filter(Boolean);
  }

  const isFolder = (path: string) => folderNames(path).length > 0 || path === "/root" || path === "/tmp";

  function stat(path: string): FileInfo | undefined {
    const shown = virtual[path]?.();
    if (shown !== undefined)
      return { type: "file", size: Buffer.byteLength(shown), mode: 0o644, modified: 0 };
    const found = place(path);
    const real = found && statSync(found.onDisk, { throwIfNoEntry: false });
    if (real) {
      const type = real.isDirectory() ? "directory" : "file";
      return { type, size: real.size, mode: real.mode & 0o7777, modified: Math.floor(real.mtimeMs / 1000) };
    }
    return isFolder(path) ? { type: "directory", size: 4096, mode: 0o755, modified: 0 } : undefined;
  }

  function change(path: string, action: (found: Place) => void): void {
    action(writable(path));
    context.changed();
  }

  return {
    stat,
    read: (path) => {
      const shown = virtual[path]?.();
      if (shown !== undefined) return Buffer.from(shown);
      const found = place(path);
      if (found === undefined) throw fileError(isFolder(path) ? "EISDIR" : "ENOENT", path);
      return readFileSync(found.onDisk);
    },
    list: (path) => {
      const found = place(path);
      if (found !== undefined) return readdirSync(found.onDisk).sort();
      if (!isFolder(path)) throw fileError(stat(path) === undefined ? "ENOENT" : "ENOTDIR", path);
      return folderNames(path).sort();
    },
    write: (path, content) =>
      change(path, (found) => {
        writeFileSync(found.onDisk, content);
        recordVolume(context.world, found.storage, found.inside, content.length);
      }),
    makeDirectory: (path) => {
      if (stat(path) !== undefined) throw fileError("EEXIST", path);
      change(path, (found) => mkdirSync(found.onDisk));
    },
    remove: (path) =>
      change(path, (found) => {
        if (stat(path)?.type === "directory") throw fileError("EISDIR", path);
        rmSync(found.onDisk);
        forgetVolume(context.world, found.storage, found.inside);
      }),
    removeDirectory: (path) => change(path, (found) => rmdirSync(found.onDisk)),
    rename: (from, to) =>
      change(from, (found) => {
        const target = writable(to);
        renameSync(found.onDisk, target.onDisk);
        forgetVolume(context.world, found.storage, found.inside);
        recordVolume(context.world, target.storage, target.inside, statSync(target.onDisk).size);
      }),
    setMode: (path, mode) => change(path, (found) => chmodSync(found.onDisk, mode & 0o7777)),
  };
}

function realParent(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}
