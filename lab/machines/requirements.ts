import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { LabError } from "../lab-error.ts";
import { findImage } from "./image.ts";
import { requireOwnNamespace } from "./network.ts";
import { programPath } from "./run-program.ts";

/** What machines need, by the Debian package that has it. */
const programs = {
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  genisoimage: "genisoimage",
  ip: "iproute2",
  setpriv: "util-linux",
} as const;

/** Debian packages that are missing for machines. */
export function missingForMachines(): string[] {
  const folders = programPath().split(delimiter);
  const missing = Object.entries(programs).filter(
    ([name]) => !folders.some((folder) => isExecutable(join(folder, name))),
  );
  return [...new Set(missing.map(([, debian]) => debian))];
}

/**
 * Checks, before anything is written, that guests can be machines.
 * @throws LabError `option-invalid`: what is missing, with the packages to install
 */
export async function requireMachines(image: string): Promise<void> {
  const missing = missingForMachines();
  if (missing.length > 0) {
    const install = `apt install ${missing.join(" ")}`;
    throw new LabError("option-invalid", `machines need programs that were not found; on Debian: ${install}`);
  }
  await findImage(image);
  await requireOwnNamespace();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
