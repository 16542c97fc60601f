import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "../lab-error.ts";

/** What machines boot where their disk comes from no file of the lab. */
export interface MachineImage {
  disk: string;
  format: DiskFormat;
  /** Booted directly; without them the disk brings its boot loader. */
  kernel?: { vmlinuz: string; initrd: string };
  /** A folder with a flat apt repository, to be served to the machines. */
  packages?: string;
}

export type DiskFormat = "qcow2" | "raw";

/** The disk that the folder of `npm run guest-image` holds. */
const ownDisk = "disk.raw";

/**
 * The image at a path: a folder as `npm run guest-image` makes it, or a cloud image (qcow2 or raw, with a boot loader).
 * @throws LabError option-invalid
 */
export async function findImage(path: string): Promise<MachineImage> {
  const info = await stat(path).catch(() => undefined);
  const invalid = (why: string) => new LabError("option-invalid", `${path} is no image for machines: ${why}`);
  if (info === undefined) throw invalid("not found");
  if (!info.isDirectory()) return { disk: path, format: await formatOfDisk(path) };
  const files = { disk: ownDisk, vmlinuz: "vmlinuz", initrd: "initrd.img", packages: "packages" };
  for (const name of Object.values(files)) {
    if (!(await stat(join(path, name)).catch(() => undefined))) throw invalid(`it has no ${name}`);
  }
  return {
    disk: join(path, files.disk),
    format: "raw",
    kernel: { vmlinuz: join(path, files.vmlinuz), initrd: join(path, files.initrd) },
    packages: join(path, files.packages),
  };
}

/** By its first bytes: qcow2 has a magic number, raw has none. */
export async function formatOfDisk(path: string): Promise<DiskFormat> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.readUInt32BE(0) === 0x51_46_49_fb ? "qcow2" : "raw";
  } finally {
    await file.close();
  }
}
