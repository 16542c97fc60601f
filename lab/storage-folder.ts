import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { contentFolders, hasFiles } from "./volumes.ts";
import type { Storage, Volume, World } from "./world.ts";

type FileContent = keyof typeof contentFolders;

/** Makes the folders of every file storage, as `pvesm` does when a storage is activated. */
export async function prepareStorageFolders(
  world: World,
  directoryOf: (storage: string) => string,
): Promise<void> {
  for (const storage of Object.values(world.storages)) {
    if (!hasFiles(storage)) continue;
    for (const folder of foldersOf(storage)) {
      await mkdir(join(directoryOf(storage.storage), folder), { recursive: true });
    }
  }
}

function foldersOf(storage: Storage): string[] {
  return contentTypes(storage).map((content) => contentFolders[content]);
}

function contentTypes(storage: Storage): FileContent[] {
  return storage.content.split(",").filter((name): name is FileContent => name in contentFolders);
}

/**
 * Every volume of a storage: those the world knows, and the files that lie in its folder, however they got there
 * (SFTP, an upload). A file's own size counts.
 */
export async function listVolumes(storage: Storage, directory: string): Promise<Volume[]> {
  const found = new Map(Object.entries(storage.volumes));
  if (!hasFiles(storage)) return [...found.values()];
  for (const content of contentTypes(storage)) {
    const folder = join(directory, contentFolders[content]);
    for (const name of await readdir(folder).catch(() => [])) {
      const info = await stat(join(folder, name)).catch(() => undefined);
      if (!info?.isFile() || name.startsWith(".")) continue;
      const volid = `${storage.storage}:${content}/${name}`;
      found.set(volid, {
        ctime: Math.floor(info.mtimeMs / 1000),
        ...found.get(volid),
        volid,
        content,
        format: formatOf(content, name),
        sizeBytes: info.size,
      });
    }
  }
  return [...found.values()];
}

/** `format` as the content listing gives it (PVE::Storage::Plugin::get_subdir_files). */
export function formatOf(content: Volume["content"], name: string): string {
  if (content === "snippets") return "snippet";
  if (content === "iso") return "iso";
  if (content === "vztmpl") return `t${/\.tar\.(\w+)$/.exec(name)?.[1] ?? "gz"}`;
  if (content === "backup") return /\.((?:vma|tar)(?:\.\w+)?)$/.exec(name)?.[1] ?? "tar";
  return /\.(\w+)$/.exec(name)?.[1] ?? "raw";
}
