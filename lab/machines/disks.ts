import { existsSync } from "node:fs";
import { constants, copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isCloudInitDrive, volidOf } from "../config/drive.ts";
import { diskKey } from "../config/keys.ts";
import { contentFolders, findVolume, splitVolid } from "../volumes.ts";
import type { Guest, Volume, World } from "../world.ts";
import { type DiskFormat, formatOfDisk, type MachineImage } from "./image.ts";
import { requireProgram } from "./run-program.ts";

/** A disk of a machine: a file of the lab. */
export interface Disk {
  /** As in the configuration: `scsi0`, `virtio1`, `rootfs`. */
  key: string;
  path: string;
  /** It began as the lab's own image, which needs the kernel beside it. */
  ownImage: boolean;
}

export interface Disks {
  /** The disks of a guest in the order of booting; missing files are made, and grow with their volumes. */
  of(guest: Guest): Promise<Disk[]>;
  /** The bytes of one volume become another's, where it has any. */
  copy(from: string, to: string): Promise<void>;
  /** Keeps what a guest's disks hold, under the name of a snapshot or the volid of a backup. */
  keep(guest: Guest, label: string): Promise<void>;
  /** What was kept of the disks of that configuration becomes what the guest's disks of the same keys hold. */
  restore(guest: Guest, config: Guest["config"], label: string): Promise<void>;
  /** A guest's disks begin again as what they were made from. */
  empty(guest: Guest): Promise<void>;
  /** Removes the files of volumes, snapshots and backups that are gone. */
  tidy(): Promise<void>;
}

interface Place {
  world: World;
  image: MachineImage;
  /** Where the disks lie. */
  folder: string;
  /** The folder behind a storage. */
  storageDirectory(storage: string): string;
}

const extension = ".qcow2";
const qemuInfo = z.object({ "virtual-size": z.number() });

/** Disks as qcow2 files over the image that they began as; that file is never written. */
export function openDisks(place: Place): Disks {
  const { world, image, folder } = place;
  const fileOf = (volid: string) => join(folder, `${encodeURIComponent(volid)}${extension}`);

  const copy = async (from: string, to: string) => {
    const source = fileOf(from);
    if (existsSync(source)) await copyFile(source, fileOf(to), constants.COPYFILE_FICLONE);
    else await rm(fileOf(to), { force: true });
  };

  /** Whether there is still something that a file belongs to: `VOLID` or `VOLID@LABEL`. */
  const isKept = (name: string) => {
    const [volid = "", label] = name.split("@");
    if (label?.includes(":")) return findVolume(world, label) !== undefined;
    const volume = findVolume(world, volid);
    const snapshots = world.guests[volume?.vmid ?? 0]?.snapshots ?? {};
    return volume !== undefined && (label === undefined || snapshots[label] !== undefined);
  };

  const make = async (path: string, volume: Volume, origin: Origin | undefined) => {
    const backing = origin ? ["-b", origin.path, "-F", origin.format] : [];
    const size = Math.max(volume.sizeBytes, origin ? await virtualSize(origin.path) : 0);
    await requireProgram("qemu-img", ["create", "-q", "-f", "qcow2", ...backing, path, String(size)]);
  };

  const prepare = async (key: string, volume: Volume): Promise<Disk> => {
    const origin = await originOf(place, volume, key);
    const path = fileOf(volume.volid);
    if (!existsSync(path)) await make(path, volume, origin);
    else if ((await virtualSize(path)) < volume.sizeBytes) {
      await requireProgram("qemu-img", ["resize", "-q", path, String(volume.sizeBytes)]);
    }
    return { key, path, ownImage: origin?.path === image.disk && image.kernel !== undefined };
  };

  return {
    async of(guest) {
      await mkdir(folder, { recursive: true });
      const disks: Disk[] = [];
      for (const { key, volid } of volumesOf(guest)) {
        const volume = findVolume(world, volid);
        if (volume !== undefined) disks.push(await prepare(key, volume));
      }
      return disks;
    },
    copy,
    async keep(guest, label) {
      for (const { volid } of volumesOf(guest)) await copy(volid, `${volid}@${label}`);
    },
    async restore(guest, config, label) {
      for (const { key, volid } of volumesOf(guest)) {
        const from = volidOf(String(config[key] ?? ""));
        if (from !== undefined) await copy(`${from}@${label}`, volid);
      }
    },
    async empty(guest) {
      for (const { volid } of volumesOf(guest)) await rm(fileOf(volid), { force: true });
    },
    async tidy() {
      for (const name of await readdir(folder).catch(() => [])) {
        const known = isKept(decodeURIComponent(name.slice(0, -extension.length)));
        if (!known) await rm(join(folder, name), { force: true });
      }
    },
  };
}

interface Origin {
  path: string;
  format: DiskFormat;
}

/** What a disk began as: an uploaded file, or the lab's own image for one that it only knows by name; undefined for an empty disk. */
async function originOf(place: Place, volume: Volume, key: string): Promise<Origin | undefined> {
  const { image } = place;
  if (key === "rootfs") return { path: image.disk, format: image.format };
  if (volume.image === undefined) return undefined;
  const { storage, name } = splitVolid(volume.image);
  const file = join(place.storageDirectory(storage), contentFolders.import, name.replace(/^import\//, ""));
  if (existsSync(file)) return { path: file, format: await formatOfDisk(file) };
  return { path: image.disk, format: image.format };
}

function volumesOf(guest: Guest): { key: string; volid: string }[] {
  return diskKeys(guest).flatMap((key) => {
    const volid = volidOf(String(guest.config[key] ?? ""));
    return volid === undefined ? [] : [{ key, volid }];
  });
}

/** Keys of the disks, the one that is booted first: the first of `boot`, else the first there is. */
function diskKeys(guest: Guest): string[] {
  if (guest.kind === "lxc")
    return [
      "rootfs",
      ...Object.keys(guest.config)
        .filter((key) => /^mp\d+$/.test(key))
        .sort(),
    ];
  const keys = Object.keys(guest.config)
    .filter((key) => diskKey.test(key) && /^(scsi|virtio|sata|ide)/.test(key))
    .filter((key) => !isCloudInitDrive(String(guest.config[key])) && volidOf(String(guest.config[key])))
    .sort();
  const order = /order=([^,]+)/.exec(String(guest.config.boot ?? ""))?.[1]?.split(";") ?? [];
  const first = order.find((key) => keys.includes(key));
  return first === undefined ? keys : [first, ...keys.filter((key) => key !== first)];
}

async function virtualSize(path: string): Promise<number> {
  const info = await requireProgram("qemu-img", ["info", "--force-share", "--output=json", path]);
  return qemuInfo.parse(JSON.parse(info))["virtual-size"];
}
