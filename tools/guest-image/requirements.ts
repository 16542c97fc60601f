import { executablesOnPath } from "../programs/path.ts";
import { ProgramError } from "../programs/program.ts";

/** Programs by the Debian package that has them. */
const forImage = {
  debootstrap: "debootstrap",
  "dpkg-deb": "dpkg",
  "mkfs.ext4": "e2fsprogs",
  unshare: "util-linux",
} as const;

/** Debian packages that are missing for building the image. */
export function missingForImage(env: NodeJS.ProcessEnv): string[] {
  // Not on the PATH of an ordinary user: where Debian keeps programs for root.
  const path = { PATH: `${env.PATH ?? ""}:/usr/sbin:/sbin` };
  const gone = Object.entries(forImage).filter(([name]) => executablesOnPath(name, path).length === 0);
  return [...new Set(gone.map(([, debian]) => debian))];
}

/** @throws ProgramError tool-missing: what to install, or that it takes root */
export function requireForImage(env: NodeJS.ProcessEnv): void {
  const packages = missingForImage(env);
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
