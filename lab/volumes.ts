import { failure } from "./api/errors.ts";
import type { Storage, Volume, World } from "./world.ts";

/** `storage:name` in its two halves. */
export function splitVolid(volid: string): { storage: string; name: string } {
  const split = volid.indexOf(":");
  if (split < 1) throw failure(`unable to parse volume ID '${volid}'`);
  return { storage: volid.slice(0, split), name: volid.slice(split + 1) };
}

/** A storage by name. @throws ApiError 500 as PVE::Storage does. */
export function storageOf(world: World, name: string): Storage {
  const storage = world.storages[name];
  if (!storage) throw failure(`storage '${name}' does not exist`);
  return storage;
}

/** Whether a storage exists on a node. */
export function onNode(storage: Storage, node: string): boolean {
  return storage.nodes === undefined || storage.nodes.split(",").includes(node);
}

/** A volume by volid; undefined where there is none. */
export function findVolume(world: World, volid: string): Volume | undefined {
  return world.storages[splitVolid(volid).storage]?.volumes[volid];
}

export interface Allocation {
  storage: string;
  vmid: number;
  content: "images" | "rootdir";
  bytes: number;
  format?: string | undefined;
  /** `cloudinit` for the cloud-init drive; otherwise the next free `disk-N`. */
  name?: "cloudinit";
  /** `base` for a template's disk. */
  prefix?: "vm" | "base" | "subvol";
  now: number;
}

/** Allocates a guest's volume and names it as the storage's plugin does. */
export function allocateVolume(world: World, request: Allocation): Volume {
  const storage = storageOf(world, request.storage);
  if (!storage.content.split(",").includes(request.content)) {
    throw failure(`storage '${request.storage}' does not support content-type '${request.content}'`);
  }
  const file = hasFiles(storage);
  const format = !file ? "raw" : (request.format ?? (request.content === "rootdir" ? "raw" : "qcow2"));
  const volid = (number: number) => {
    const tail = request.name ?? `disk-${number}`;
    const base = `${request.prefix ?? "vm"}-${request.vmid}-${tail}`;
    return `${request.storage}:${file ? `${request.vmid}/${base}.${format}` : base}`;
  };
  let number = 0;
  while (storage.volumes[volid(number)]) {
    if (request.name) throw failure(`volume '${volid(number)}' already exists`);
    number += 1;
  }
  const volume: Volume = {
    volid: volid(number),
    content: request.content,
    format,
    sizeBytes: request.bytes,
    ctime: Math.floor(request.now / 1000),
    vmid: request.vmid,
  };
  storage.volumes[volume.volid] = volume;
  return volume;
}

/** Removes a volume, if it is there. */
export function removeVolume(world: World, volid: string): void {
  delete world.storages[splitVolid(volid).storage]?.volumes[volid];
}

/** A guest's disks, cloud-init drive included; not its backups. */
export function volumesOfGuest(world: World, vmid: number): Volume[] {
  return Object.values(world.storages)
    .flatMap((storage) => Object.values(storage.volumes))
    .filter((volume) => volume.vmid === vmid && ["images", "rootdir"].includes(volume.content));
}

/** Whether volumes are files with an extension. */
export function hasFiles(storage: Storage): boolean {
  return storage.type === "dir" || storage.type === "nfs";
}

/** Folder of each content type below the storage's path (PVE::Storage::Plugin::get_subdir). */
export const contentFolders = {
  iso: "template/iso",
  vztmpl: "template/cache",
  snippets: "snippets",
  import: "import",
  backup: "dump",
} as const;

/** Where a volume lies on the node. */
export function volumePath(storage: Storage, volid: string): string {
  const { name } = splitVolid(volid);
  if (!hasFiles(storage)) return storage.type === "zfspool" ? `/dev/zvol/${name}` : `/dev/pve/${name}`;
  const [type = "", ...rest] = name.split("/");
  const folder = contentFolders[type as keyof typeof contentFolders];
  const below = folder === undefined ? `images/${name}` : `${folder}/${rest.join("/")}`;
  return `${storage.path ?? `/mnt/pve/${storage.storage}`}/${below}`;
}

const recent = new WeakMap<Storage, { second: number; used: number }>();

/** As `usedBytes`, up to a second old; in Proxmox such numbers come from pvestatd and are up to ten seconds old. */
export function recentlyUsedBytes(storage: Storage, now: number): number {
  const second = Math.floor(now / 1000);
  const known = recent.get(storage);
  if (known?.second === second) return known.used;
  const used = usedBytes(storage);
  recent.set(storage, { second, used });
  return used;
}

/** Bytes in use: disks are thin, files take their size. */
export function usedBytes(storage: Storage): number {
  let used = Math.floor(storage.totalBytes * 0.02);
  for (const volume of Object.values(storage.volumes)) {
    const thin = volume.content === "images" || volume.content === "rootdir";
    used += thin ? Math.floor(volume.sizeBytes * 0.3) : volume.sizeBytes;
  }
  return Math.min(used, storage.totalBytes);
}
