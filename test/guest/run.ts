import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingForMachines } from "../../lab/machines/requirements.ts";
import { exitCode, nothing, renderCounts } from "../../tools/counts.ts";
import { missingForImage } from "../../tools/guest-image/requirements.ts";
import { resolveGuestImage } from "../../tools/guest-image/resolve.ts";
import { installPackages } from "../../tools/packages.ts";
import { ProgramError, resolveAllProviders, resolveTool } from "../../tools/programs/index.ts";
import { testVitest } from "../../tools/test-vitest.ts";

// `npm run test:guest`: what needs real machines. It installs what it misses where it may, builds the guest image where it
// is missing, and runs the tests in a network namespace that ends with them.

const inside = "--inside";
const args = process.argv.slice(2);

if (args[0] === inside) {
  const counts = await testVitest(["--config", "test/guest/vitest.config.ts", ...args.slice(1)]);
  console.log(renderCounts(counts));
  process.exitCode = exitCode(counts);
} else {
  try {
    await installPackages([...new Set([...missingForImage(), ...missingForMachines()])]);
    await resolveGuestImage();
    await resolveAllProviders();
    await resolveTool("any");
    const began = Date.now();
    process.exitCode = await inNamespace();
    console.error(
      `test:guest: the tests took ${Math.round((Date.now() - began) / 1000)} s, the image being there`,
    );
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    console.error(`\n!!! ${error.message}\n`);
    console.log(renderCounts({ ...nothing, failed: 1 }));
    process.exitCode = 1;
  }
}

/** This program again in a network namespace, as root of its own where it is not root; its exit code. */
async function inNamespace(): Promise<number> {
  const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  // Its processes end with it, however it ends.
  const kinds = [...user, "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const again = [process.execPath, ...process.execArgv, import.meta.filename, inside, ...args];
  const script = 'PATH=$PATH:/usr/sbin:/sbin ip link set lo up && exec "$@"';
  // Its own, because disks of machines are large, and what is killed removes nothing.
  const folder = await mkdtemp(join(tmpdir(), "pve-home-test-guest-"));
  const child = spawn("unshare", [...kinds, "sh", "-c", script, "sh", ...again], {
    env: { ...process.env, TMPDIR: folder },
    stdio: "inherit",
  });
  // unshare(1) ignores the others; its processes end with it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill("SIGKILL"));
  const code = await new Promise<number>((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (status) => resolve(status ?? 1));
  });
  await rm(folder, { recursive: true, force: true });
  return code;
}
