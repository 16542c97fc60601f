import { contentFolders } from "../../volumes.ts";
import type { Volume, World } from "../../world.ts";

type Content = Volume["content"];

/** Folders of a `dir` storage whose files the API lists. */
export const folders: string[] = Object.values(contentFolders);

/** Makes a file written below a storage's content folder known to the API's content listing. */
export function recordVolume(world: World, storage: string, inside: string, sizeBytes: number): void {
  const named = volumeOf(storage, inside);
  const volumes = world.storages[storage]?.volumes;
  if (named === undefined || volumes === undefined) return;
  const known = volumes[named.volid];
  const ctime = known?.ctime ?? Math.floor(Date.now() / 1000);
  volumes[named.volid] = { ...known, ...named, format: formatOf(inside, named.content), sizeBytes, ctime };
}

export function forgetVolume(world: World, storage: string, inside: string): void {
  const volid = volumeOf(storage, inside)?.volid;
  if (volid !== undefined) delete world.storages[storage]?.volumes[volid];
}

/** `snippets/a.yaml` of `local` is `local:snippets/a.yaml`; files deeper down are no volumes. */
function volumeOf(storage: string, inside: string): { volid: string; content: Content } | undefined {
  const slash = inside.lastIndexOf("/");
  const content = (Object.keys(contentFolders) as (keyof typeof contentFolders)[]).find(
    (known) => contentFolders[known] === inside.slice(0, slash),
  );
  return content && { volid: `${storage}:${content}/${inside.slice(slash + 1)}`, content };
}

function formatOf(name: string, content: Content): string {
  if (content === "snippets") return "snippet";
  if (content === "iso") return "iso";
  const ending = /\.((?:tar|vma)(?:\.(?:gz|xz|zst|lzo))?|qcow2|raw|vmdk|ova)$/.exec(name)?.[1] ?? "raw";
  if (content !== "vztmpl") return ending;
  return { "tar.gz": "tgz", "tar.xz": "txz", "tar.zst": "tzst" }[ending] ?? ending;
}
