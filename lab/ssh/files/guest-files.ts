import { posix } from "node:path";
import type { Guest } from "../../world.ts";
import { type FileInfo, type FileTree, fileError, fromStored, toStored } from "./tree.ts";

// What a Debian system has although the lab keeps no file there.
const folders = (
  "/ /bin /boot /dev /etc /etc/ssh /etc/systemd /etc/systemd/system /home /mnt /opt /proc /root /root/.ssh /run " +
  "/sbin /srv /sys /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/sbin /usr/sbin /usr/share " +
  "/var /var/lib /var/log /var/tmp"
).split(" ");

/** The guest's `inside.files` as a file system; `virtual` files show where none was written. */
export function guestFiles(
  guest: Guest,
  virtual: Record<string, () => string>,
  user: string,
  changed: () => void,
): FileTree {
  const inside = guest.inside;
  const home = user === "root" ? "/root" : `/home/${user}`;
  const keyFile = `${home}/.ssh/authorized_keys`;

  /** cloud-init writes the keys of the configuration into this file; once it was written to, the file alone counts. */
  const configuredKeys = () => {
    const keys = guest.kind === "qemu" ? decodeKeys(String(guest.config.sshkeys ?? "")) : "";
    return keys === "" ? undefined : keys;
  };

  function content(path: string): Buffer | undefined {
    const written = path.startsWith("/proc/") ? undefined : inside.files[path];
    if (written !== undefined) return fromStored(written);
    const shown = virtual[path]?.() ?? (path === keyFile ? configuredKeys() : undefined);
    return shown === undefined ? undefined : Buffer.from(shown);
  }

  const paths = () => [...Object.keys(inside.files), ...Object.keys(virtual), ...folders, `${home}/.ssh/`];

  function isFolder(path: string): boolean {
    const prefix = path === "/" ? "/" : `${path}/`;
    return folders.includes(path) || paths().some((known) => known.startsWith(prefix));
  }

  function stat(path: string): FileInfo | undefined {
    const modified = Math.floor((guest.bootedAt ?? 0) / 1000);
    const bytes = content(path);
    if (bytes !== undefined) {
      const mode = inside.modes?.[path] ?? (path === keyFile ? 0o600 : 0o644);
      return { type: "file", size: bytes.length, mode, modified };
    }
    if (!isFolder(path)) return undefined;
    const usual = path === "/root" || path.endsWith("/.ssh") ? 0o700 : path === "/tmp" ? 0o1777 : 0o755;
    return { type: "directory", size: 4096, mode: inside.modes?.[`${path}/`] ?? usual, modified };
  }

  function parentMustExist(path: string): void {
    const parent = stat(posix.dirname(path));
    if (parent === undefined) throw fileError("ENOENT", path);
    if (parent.type !== "directory") throw fileError("ENOTDIR", path);
  }

  /** An empty folder stays when its last file goes. */
  function keepFolder(path: string): void {
    const parent = posix.dirname(path);
    if (!folders.includes(parent)) inside.files[`${parent}/`] = "";
  }

  function write(path: string, bytes: Buffer): void {
    if (path.startsWith("/proc/") || path.startsWith("/sys/")) throw fileError("EACCES", path);
    if (stat(path)?.type === "directory") throw fileError("EISDIR", path);
    parentMustExist(path);
    inside.files[path] = toStored(bytes);
    changed();
  }

  function drop(path: string): void {
    delete inside.files[path];
    if (inside.modes) delete inside.modes[path];
  }

  function remove(path: string): void {
    const info = stat(path);
    if (info === undefined) throw fileError("ENOENT", path);
    if (info.type === "directory") throw fileError("EISDIR", path);
    if (inside.files[path] === undefined) throw fileError("EACCES", path);
    drop(path);
    keepFolder(path);
    changed();
  }

  function list(path: string): string[] {
    const info = stat(path);
    if (info === undefined) throw fileError("ENOENT", path);
    if (info.type === "file") throw fileError("ENOTDIR", path);
    const prefix = path === "/" ? "/" : `${path}/`;
    const below = paths().filter((known) => known.startsWith(prefix) && known !== prefix);
    if (configuredKeys() !== undefined) below.push(...(keyFile.startsWith(prefix) ? [keyFile] : []));
    return [...new Set(below.map((known) => known.slice(prefix.length).split("/")[0] ?? ""))].sort();
  }

  function rename(from: string, to: string): void {
    const info = stat(from);
    if (info === undefined) throw fileError("ENOENT", from);
    parentMustExist(to);
    if (info.type === "file") {
      const mode = info.mode;
      write(to, content(from) ?? Buffer.alloc(0));
      setMode(to, mode);
      if (from !== to) drop(from);
    } else {
      if (folders.includes(from)) throw fileError("EACCES", from);
      if (stat(to) !== undefined) throw fileError("EEXIST", to);
      for (const table of [inside.files, inside.modes ?? {}] as Record<string, string | number>[]) {
        for (const path of Object.keys(table).filter((known) => known.startsWith(`${from}/`))) {
          table[to + path.slice(from.length)] = table[path] as string | number;
          delete table[path];
        }
      }
    }
    keepFolder(from);
    changed();
  }

  function setMode(path: string, mode: number): void {
    const info = stat(path);
    if (info === undefined) throw fileError("ENOENT", path);
    inside.modes ??= {};
    inside.modes[info.type === "directory" ? `${path}/` : path] = mode & 0o7777;
    changed();
  }

  return {
    stat,
    read: (path) => {
      const bytes = content(path);
      if (bytes !== undefined) return bytes;
      throw fileError(isFolder(path) ? "EISDIR" : "ENOENT", path);
    },
    list,
    write,
    makeDirectory: (path) => {
      if (stat(path) !== undefined) throw fileError("EEXIST", path);
      parentMustExist(path);
      inside.files[`${path}/`] = "";
      changed();
    },
    remove,
    removeDirectory: (path) => {
      if (list(path).length > 0) throw fileError("ENOTEMPTY", path);
      if (folders.includes(path)) throw fileError("EACCES", path);
      drop(`${path}/`);
      keepFolder(path);
      changed();
    },
    rename,
    setMode,
  };
}

/** `sshkeys` is percent-encoded once in a guest's configuration. */
function decodeKeys(stored: string): string {
  try {
    return decodeURIComponent(stored);
  } catch {
    return stored;
  }
}
