import type { Attributes, SFTPWrapper } from "ssh2";
import ssh2 from "ssh2";
import { type OpenFile, openFile } from "./files/open-file.ts";
import { absolutePath, type FileTree, fileErrorCode, fileErrorReason } from "./files/tree.ts";

import { attributes, type Entry, listFolder } from "./sftp-entries.ts";

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;

interface OpenFolder {
  entries: Entry[];
}

// Entries per answer: a client takes no packet above 256 KiB.
const entriesPerAnswer = 100;

/** Serves SFTP version 3 over the tree `files()` gives; relative paths start at `home`. */
export function serveSftp(sftp: SFTPWrapper, files: () => FileTree, home: string): void {
  const handles = new Map<number, OpenFile | OpenFolder>();
  let nextHandle = 0;
  const full = (path: string) => absolutePath(path, home);

  function answer(id: number, action: () => void): void {
    try {
      action();
    } catch (error) {
      const code = fileErrorCode(error);
      const status =
        code === "ENOENT"
          ? STATUS_CODE.NO_SUCH_FILE
          : code === "EACCES"
            ? STATUS_CODE.PERMISSION_DENIED
            : STATUS_CODE.FAILURE;
      sftp.status(id, status, fileErrorReason(error));
    }
  }
  const done = (id: number, action: () => void) =>
    answer(id, () => {
      action();
      sftp.status(id, STATUS_CODE.OK);
    });

  function keep(id: number, opened: OpenFile | OpenFolder): void {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(nextHandle);
    handles.set(nextHandle, opened);
    nextHandle += 1;
    sftp.handle(id, handle);
  }
  const opened = (handle: Buffer) => handles.get(handle.length === 4 ? handle.readUInt32BE() : -1);
  function file(handle: Buffer): OpenFile {
    const found = opened(handle);
    if (found === undefined || "entries" in found) throw new Error("no such handle");
    return found;
  }

  const showInfo = (id: number, path: string) =>
    answer(id, () => {
      const info = files().stat(full(path));
      if (info === undefined) sftp.status(id, STATUS_CODE.NO_SUCH_FILE, "No such file or directory");
      else sftp.attrs(id, attributes(info));
    });

  function change(path: string, attrs: Attributes): void {
    const tree = files();
    if (typeof attrs.mode === "number") tree.setMode(full(path), attrs.mode & 0o7777);
    if (typeof attrs.size === "number") {
      const content = Buffer.alloc(attrs.size);
      tree.read(full(path)).copy(content);
      tree.write(full(path), content);
    }
    if (tree.stat(full(path)) === undefined) tree.read(full(path));
  }

  sftp.on("OPEN", (id, path, flags, attrs) =>
    answer(id, () => {
      const { READ, WRITE, CREAT, TRUNC, EXCL, APPEND } = OPEN_MODE;
      const has = (flag: number) => (flags & flag) !== 0;
      const wish = {
        read: has(READ),
        write: has(WRITE),
        create: has(CREAT),
        truncate: has(TRUNC),
        exclusive: has(EXCL),
        append: has(APPEND),
      };
      keep(id, openFile(files, full(path), wish, attrs.mode));
    }),
  );
  sftp.on("READ", (id, handle, offset, length) =>
    answer(id, () => {
      const bytes = file(handle).read(offset, length);
      if (bytes.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, bytes);
    }),
  );
  sftp.on("WRITE", (id, handle, offset, data) => done(id, () => file(handle).write(offset, data)));
  sftp.on("FSTAT", (id, handle) => answer(id, () => sftp.attrs(id, attributes(file(handle).info()))));
  sftp.on("FSETSTAT", (id, handle, attrs) =>
    done(id, () => {
      file(handle).save();
      change(file(handle).path, attrs);
      if (typeof attrs.size === "number") file(handle).reload();
    }),
  );
  sftp.on("CLOSE", (id, handle) =>
    done(id, () => {
      const found = opened(handle);
      handles.delete(handle.readUInt32BE());
      if (found !== undefined && !("entries" in found)) found.save();
    }),
  );
  sftp.on("OPENDIR", (id, path) => answer(id, () => keep(id, { entries: listFolder(files(), full(path)) })));
  sftp.on("READDIR", (id, handle) =>
    answer(id, () => {
      const folder = opened(handle);
      if (folder === undefined || !("entries" in folder)) throw new Error("no such handle");
      const next = folder.entries.splice(0, entriesPerAnswer);
      if (next.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.name(id, next);
    }),
  );
  sftp.on("STAT", showInfo);
  sftp.on("LSTAT", showInfo);
  sftp.on("SETSTAT", (id, path, attrs) => done(id, () => change(path, attrs)));
  sftp.on("REMOVE", (id, path) => done(id, () => files().remove(full(path))));
  sftp.on("RMDIR", (id, path) => done(id, () => files().removeDirectory(full(path))));
  sftp.on("MKDIR", (id, path) => done(id, () => files().makeDirectory(full(path))));
  sftp.on("RENAME", (id, from, to) => done(id, () => files().rename(full(from), full(to))));
  sftp.on("REALPATH", (id, path) => {
    const filename = full(path);
    sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }]);
  });
  // A client that goes away leaves what it had written so far.
  const saveAll = () => {
    for (const found of handles.values()) {
      if ("entries" in found) continue;
      try {
        found.save();
      } catch {
        // The guest is gone, and the file with it.
      }
    }
    handles.clear();
  };
  sftp.on("close", saveAll);
  sftp.on("end", () => {
    saveAll();
    exitZero(sftp);
    sftp.end();
  });
  sftp.on("error", () => {});
}

/** scp takes a missing exit status for a failure, and ssh2 1.17 has no public way to send one for SFTP. */
function exitZero(sftp: SFTPWrapper): void {
  const inner = sftp as unknown as {
    _protocol: { exitStatus(channel: number, code: number): void };
    outgoing: { id: number; state: string };
  };
  if (inner.outgoing.state === "open") inner._protocol.exitStatus(inner.outgoing.id, 0);
}
