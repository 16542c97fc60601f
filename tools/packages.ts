import { runChild } from "./programs/child.ts";
import { ProgramError } from "./programs/index.ts";
import { executablesOnPath } from "./programs/path.ts";

/**
 * Installs Debian packages whose programs are not on PATH, where this may: as root, with apt-get.
 * `wanted` is programs by package. Throws ProgramError: tool-missing.
 */
export async function installMissing(wanted: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const missing = packagesMissing(wanted);
  const hint = `As root, on Debian or Ubuntu: apt-get install ${(missing.length > 0 ? missing : Object.keys(wanted)).join(" ")}`;
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new ProgramError(
      "tool-missing",
      "npm run test:stack starts a Docker of its own: it needs Linux and root",
      hint,
    );
  }
  if (missing.length === 0) return;
  console.log(`installing ${missing.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const lock = ["-o", "DPkg::Lock::Timeout=300"];
  await runChild("apt-get", [...lock, "update", "-qq"], { env });
  const install = [...lock, "install", "--yes", "-qq", "--no-install-recommends", ...missing];
  const { code, output } = await runChild("apt-get", install, { env });
  if (code === 0 && packagesMissing(wanted).length === 0) return;
  const tail = output.trim().split("\n").slice(-5).join("\n");
  throw new ProgramError("tool-missing", `apt-get cannot install ${missing.join(" ")}:\n${tail}`, hint);
}

function packagesMissing(wanted: Readonly<Record<string, readonly string[]>>): string[] {
  // Daemons are in folders that an ordinary PATH leaves out.
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  return Object.entries(wanted)
    .filter(([, programs]) => programs.some((program) => executablesOnPath(program, env).length === 0))
    .map(([name]) => name);
}
