import { resolveGuestImage } from "./guest-image/resolve.ts";
import { ProgramError } from "./programs/index.ts";

/** Builds the guest image where it is missing, and prints its folder: for `pve-home lab up --machines FOLDER`. */
try {
  console.log(await resolveGuestImage());
} catch (error) {
  if (!(error instanceof ProgramError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
