import { executablesOnPath } from "../programs/path.ts";
import { ProgramError } from "../programs/program.ts";

/** Programs by the Debian package that has them. */
const forImage = { debootstrap: "debootstrap", "mkfs.ext4": "e2fsprogs", unshare: "util-linux" } as const;

const forMachines = {
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  genisoimage: "genisoimage",
  ip: "iproute2",
  setpriv: "util-linux",
} as const;

/** Debian packages that are missing for building the image and running machines from it. */
export function missingPackages(env: NodeJS.ProcessEnv): string[] {
  return missing({ ...forImage, ...forMachines }, env);
}

/** @throws ProgramError tool-missing: what to install, or that it takes root */
export function requireForImage(env: NodeJS.ProcessEnv): void {
  const packages = missing(forImage, env);
  if (packages.length > 0) {
    throw new ProgramError(
      "tool-missing",
      `the guest image cannot be built: ${packages.join(", ")} not found`,
      `Install it, on Debian with \`apt install ${packages.join(" ")}\`.`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new ProgramError(
      "tool-missing",
      "the guest image is built as root: debootstrap makes device files and changes its root folder",
      "Run it once with `sudo --preserve-env=HOME`; what was built stays in the cache.",
    );
  }
}

function missing(programs: Record<string, string>, env: NodeJS.ProcessEnv): string[] {
  // Not on the PATH of an ordinary user: where Debian keeps programs for root.
  const path = { PATH: `${env.PATH ?? ""}:/usr/sbin:/sbin` };
  const gone = Object.entries(programs).filter(([name]) => executablesOnPath(name, path).length === 0);
  return [...new Set(gone.map(([, debian]) => debian))];
}
