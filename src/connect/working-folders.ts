import { readdirSync, readlinkSync, realpathSync } from "node:fs";
import { sep } from "node:path";

/** Whether a process has its working folder in this one; undefined where the system does not say. */
export function isWorkedIn(folder: string): boolean | undefined {
  const place = realpathSync(folder);
  try {
    return readdirSync("/proc").some((pid) => {
      const here = /^\d+$/.test(pid) ? workingFolder(pid) : undefined;
      return here !== undefined && `${here}${sep}`.startsWith(`${place}${sep}`);
    });
  } catch {
    return undefined;
  }
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It has ended, or is another user's.
    return undefined;
  }
}
