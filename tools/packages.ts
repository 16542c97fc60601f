import { runChild } from "./programs/child.ts";
import { ProgramError } from "./programs/index.ts";
import { executablesOnPath } from "./programs/path.ts";

/**
 * Installs Debian packages, as root or with a sudo that does not ask; without any, does nothing.
 * Throws ProgramError: tool-missing.
 */
export async function installPackages(packages: readonly string[]): Promise<void> {
  if (packages.length === 0) return;
  console.log(`installing ${packages.join(" ")}`);
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = ["-qq", "-o", "DPkg::Lock::Timeout=300"];
  for (const step of [["update"], ["install", "--yes", "--no-install-recommends", ...packages]]) {
    const [program = "", ...rest] = [...sudo, "apt-get", ...options, ...step];
    const { code, output } = await runChild(program, rest, { env });
    if (code === 0) continue;
    const tail = output.trim().split("\n").slice(-5).join("\n  ");
    throw new ProgramError(
      "tool-missing",
      `${packages.join(", ")} could not be installed:\n  ${tail}`,
      `As root, on Debian or Ubuntu: apt-get install ${packages.join(" ")}`,
    );
  }
}

/** Those packages of which a program is not found. `wanted` is programs by package. */
export function packagesMissing(wanted: Readonly<Record<string, readonly string[]>>): string[] {
  // Daemons are in folders that an ordinary PATH leaves out.
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  return Object.entries(wanted)
    .filter(([, programs]) => programs.some((program) => executablesOnPath(program, env).length === 0))
    .map(([name]) => name);
}
