import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSnippets } from "../cloud-init.ts";
import { isCloudInitDrive } from "../config/drive.ts";
import type { LabCore } from "../core.ts";
import type { Guest } from "../world.ts";
import { driveContents } from "./cloud-init-data.ts";
import { requireProgram } from "./run-program.ts";

/**
 * Writes the cloud-init drive of a VM, as Proxmox does at each start; false for a VM that has none.
 * @throws Error `volume '…' does not exist` where a snippet is missing
 */
export async function writeCloudInitDrive(
  lab: Pick<LabCore, "storageDirectory">,
  guest: Guest,
  path: string,
): Promise<boolean> {
  const wanted = Object.values(guest.config).some((value) => isCloudInitDrive(String(value)));
  if (guest.kind !== "qemu" || !wanted) return false;
  const contents = driveContents(guest, await readSnippets(lab, guest));
  const folder = await mkdtemp(join(tmpdir(), "pve-home-cidata-"));
  try {
    for (const [name, text] of Object.entries(contents)) await writeFile(join(folder, name), text);
    // The arguments of PVE::QemuServer::Cloudinit::commit_cloudinit_disk.
    await requireProgram("genisoimage", [
      "-quiet",
      "-iso-level",
      "3",
      "-R",
      "-V",
      "cidata",
      "-o",
      path,
      folder,
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return true;
}
