import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { LabError } from "../lab-error.ts";

/** What machines boot where their disk comes from no file of the lab. */
export interface MachineImage {
  disk: string;
  format: DiskFormat;
  /** Booted directly; without them the disk brings its boot loader. */
  kernel?: { vmlinuz: string; initrd: string };
  /** A folder with a flat apt repository, and the address at which the machines look for it. */
  packages?: { folder: string; url: URL };
}

export type DiskFormat = "qcow2" | "raw";

const aboutSchema = z.object({ packagesUrl: z.string().regex(/^http:\/\/[\d.]+:\d+\/$/) });

/**
 * The image at a path: a folder as `npm run guest-image` makes it, or a cloud image (qcow2 or raw, with a boot loader).
 * @throws LabError option-invalid
 */
export async function findImage(path: string): Promise<MachineImage> {
  const info = await stat(path).catch(() => undefined);
  const invalid = (why: string) => new LabError("option-invalid", `${path} is no image for machines: ${why}`);
  if (info === undefined) throw invalid("not found");
  if (!info.isDirectory()) return { disk: path, format: await formatOfDisk(path) };
  const file = (name: string) => join(path, name);
  for (const name of ["disk.raw", "vmlinuz", "initrd.img", "packages", "image.json"]) {
    if (!(await stat(file(name)).catch(() => undefined))) throw invalid(`it has no ${name}`);
  }
  const about = aboutSchema.safeParse(JSON.parse(await readFile(file("image.json"), "utf8")));
  if (!about.success) throw invalid("image.json has no packagesUrl of the form http://ADDRESS:PORT/");
  return {
    disk: file("disk.raw"),
    format: "raw",
    kernel: { vmlinuz: file("vmlinuz"), initrd: file("initrd.img") },
    packages: { folder: file("packages"), url: new URL(about.data.packagesUrl) },
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
