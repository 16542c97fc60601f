import { packagesMissing } from "../packages.ts";
import { ProgramError } from "../programs/program.ts";

/** Programs by the Debian package that has them. */
const forImage = {
  debootstrap: ["debootstrap"],
  dpkg: ["dpkg-deb"],
  e2fsprogs: ["mkfs.ext4"],
  "util-linux": ["unshare"],
};

/** Debian packages that are missing for building the image. */
export const missingForImage = (): string[] => packagesMissing(forImage);

/** @throws ProgramError tool-missing: what to install, or that it takes root */
export function requireForImage(): void {
  const packages = missingForImage();
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
