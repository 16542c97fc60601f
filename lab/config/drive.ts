import { failure } from "../api/errors.ts";
import { allocateVolume, findVolume } from "../volumes.ts";
import type { Volume, World } from "../world.ts";
import { parseProperties, printProperties } from "./property-string.ts";
import { gibibyte, printSize } from "./size.ts";

export interface DriveRequest {
  world: World;
  vmid: number;
  key: string;
  /** The property string as sent. */
  text: string;
  now: number;
}

const cloudInitBytes = 4 * 1024 ** 2;
/** EFI variables and TPM state are this large whatever size was asked for. */
const stateBytes = 4 * 1024 ** 2;

/**
 * Carries out one disk key of a VM: `<storage>:<GiB>` allocates, `<storage>:cloudinit` makes the cloud-init drive,
 * `import-from` copies an image, an existing volume stays. Returns what the configuration then says, with the
 * volume's real size. Source: create_disks in PVE::API2::Qemu.
 */
export function placeDrive(request: DriveRequest): string {
  const { world, vmid, key, now } = request;
  const drive = parseProperties(request.text, "file", ["volume"]);
  const file = drive.get("file") ?? "";
  const imported = drive.get("import-from");
  drive.delete("import-from");
  drive.delete("size");
  if (file === "none" || file === "cdrom") return printProperties(drive, "file");
  const wanted = /^([^:/]+):(\d+(?:\.\d+)?)$/.exec(file);
  const cloudInit = /^([^:/]+):cloudinit$/.exec(file);
  let volume: Volume;
  if (cloudInit) {
    volume = allocateVolume(world, {
      storage: cloudInit[1] ?? "",
      vmid,
      content: "images",
      bytes: cloudInitBytes,
      format: drive.get("format"),
      name: "cloudinit",
      now,
    });
    drive.delete("format");
    drive.set("media", "cdrom");
  } else if (wanted) {
    const state = key === "efidisk0" || key === "tpmstate0";
    const source = imported === undefined ? undefined : importedVolume(world, imported);
    volume = allocateVolume(world, {
      storage: wanted[1] ?? "",
      vmid,
      content: "images",
      bytes: source?.bytes ?? (state ? stateBytes : Math.ceil(Number(wanted[2]) * gibibyte)),
      format: drive.get("format"),
      now,
    });
    if (imported !== undefined) volume.image = imported;
    drive.delete("format");
  } else {
    volume = existingVolume(world, file);
    if (volume.content === "iso") drive.set("media", "cdrom");
  }
  drive.set("file", volume.volid);
  drive.set("size", printSize(volume.sizeBytes));
  return printProperties(drive, "file");
}

/** Carries out `rootfs` or `mpN` of a container; a path on the host (bind mount) stays as it is. */
export function placeMount(request: DriveRequest): string {
  const { world, vmid, now } = request;
  const mount = parseProperties(request.text, "volume", ["file"]);
  const source = mount.get("volume") ?? "";
  if (source.startsWith("/")) return printProperties(mount, "volume");
  const wanted = /^([^:/]+):(\d+(?:\.\d+)?)$/.exec(source);
  const volume = wanted
    ? allocateVolume(world, {
        storage: wanted[1] ?? "",
        vmid,
        content: "rootdir",
        bytes: Math.ceil(Number(wanted[2]) * gibibyte),
        now,
      })
    : existingVolume(world, source);
  mount.set("volume", volume.volid);
  mount.delete("size");
  mount.set("size", printSize(volume.sizeBytes));
  return printProperties(mount, "volume");
}

/** The volid a drive or mount names; undefined for none, a physical drive or a bind mount. */
export function volidOf(text: string): string | undefined {
  const file = parseProperties(text, "file", ["volume"]).get("file") ?? "";
  return file.includes(":") && !file.startsWith("/") ? file : undefined;
}

export function isCloudInitDrive(text: string): boolean {
  return /[-/]cloudinit(\.\w+)?(,|$)/.test(text);
}

function existingVolume(world: World, volid: string): Volume {
  const volume = findVolume(world, volid);
  if (!volume) throw failure(`volume '${volid}' does not exist`);
  return volume;
}

// An image file is smaller than the disk inside it.
function importedVolume(world: World, volid: string): { bytes: number } {
  const volume = existingVolume(world, volid);
  return { bytes: volume.virtualBytes ?? volume.sizeBytes };
}
