import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { sep } from "node:path";

// A process is told by its number, the moment it started (a number is used again) and its namespace of numbers (that of
// a container is another). Where there is no /proc, on macOS, the number alone has to do.

/** Of our own process; letters, digits and hyphens. */
export function ownIdentity(): string {
  return identityOf(process.pid) ?? `${process.pid.toString(36)}-0-0`;
}

/** Whether that process runs; also true where it cannot be told from here. */
export function isAlive(identity: string): boolean {
  const [pid = "", , space] = identity.split("-");
  const number = Number.parseInt(pid, 36);
  if (space !== namespace()) return true;
  return space === "0" ? exists(number) : identityOf(number) === identity;
}

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

/** proc(5): in `stat` the name stands in parentheses and may hold some itself; the start is field 22. */
function identityOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // One that has ended and was not waited for is gone.
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    return [pid, Number(fields[19])]
      .map((number) => number.toString(36))
      .join("-")
      .concat("-", namespace());
  } catch {
    return undefined;
  }
}

function namespace(): string {
  try {
    return statSync("/proc/self/ns/pid").ino.toString(36);
  } catch {
    return "0";
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
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
