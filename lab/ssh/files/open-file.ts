import { type FileInfo, type FileTree, fileError } from "./tree.ts";

/** A file opened over SFTP; what was written is in the tree after `save`. */
export interface OpenFile {
  path: string;
  read(offset: number, length: number): Buffer;
  write(offset: number, data: Buffer): void;
  info(): FileInfo;
  save(): void;
  /** Takes the content from the tree again. */
  reload(): void;
}

export interface OpenWish {
  read: boolean;
  write: boolean;
  create: boolean;
  truncate: boolean;
  exclusive: boolean;
  append: boolean;
}

/** Opens `path` as open(2) would; a new file has `mode`, less the usual umask 022. */
export function openFile(files: () => FileTree, path: string, wish: OpenWish, mode?: number): OpenFile {
  const before = files().stat(path);
  if (before?.type === "directory" && wish.write) throw fileError("EISDIR", path);
  if (before === undefined && !(wish.write && wish.create)) throw fileError("ENOENT", path);
  if (before !== undefined && wish.create && wish.exclusive) throw fileError("EEXIST", path);

  // Grows by doubling: clients write in pieces of 32 KiB.
  let space = before === undefined || wish.truncate ? Buffer.alloc(0) : Buffer.from(files().read(path));
  let used = space.length;
  let dirty = false;
  const save = () => {
    if (dirty) files().write(path, Buffer.from(space.subarray(0, used)));
    dirty = false;
  };
  if (wish.write && (before === undefined || wish.truncate)) {
    files().write(path, Buffer.alloc(0));
    if (before === undefined && mode !== undefined) files().setMode(path, mode & 0o777 & ~0o022);
  } else if (wish.write) {
    // Opening for writing has to fail where writing would.
    files().write(path, space);
  }

  return {
    path,
    read: (offset, length) => space.subarray(Math.min(offset, used), Math.min(offset + length, used)),
    write: (offset, data) => {
      if (!wish.write) throw fileError("EACCES", path);
      const at = wish.append ? used : offset;
      const end = at + data.length;
      if (end > space.length) {
        const larger = Buffer.alloc(Math.max(end, space.length * 2));
        space.copy(larger, 0, 0, used);
        space = larger;
      }
      data.copy(space, at);
      used = Math.max(used, end);
      dirty = true;
    },
    info: () => {
      const info = files().stat(path);
      if (info === undefined) throw fileError("ENOENT", path);
      return { ...info, size: used };
    },
    save,
    reload: () => {
      space = Buffer.from(files().read(path));
      used = space.length;
    },
  };
}
