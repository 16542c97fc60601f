import { chmod, copyFile, cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runChild } from "../programs/child.ts";
import { ProgramError } from "../programs/program.ts";
import { indexPackages } from "./package-index.ts";
import { recipe } from "./recipe.ts";

/** Where Debian's `docker` looks for its plugins. */
const composePlugin = "usr/local/lib/docker/cli-plugins/docker-compose";

/**
 * Makes a Debian image in a folder: `disk.raw` (ext4, no partitions), `vmlinuz`, `initrd.img`, and in `packages/`
 * every package that was downloaded for it, as a flat apt repository; `image.json` says where machines expect that. As root; Debian's archive must be reachable.
 * @throws ProgramError build-failed, with the end of what the failed step said.
 */
export async function buildImage(folder: string, compose: string): Promise<void> {
  const root = join(folder, "root");
  const { suite, archive } = recipe;
  await run("debootstrap", ["--variant=minbase", "--include=ca-certificates", suite, root, archive]);
  await prepare(root);
  const kept = join(root, "var/cache/apt/archives");
  const install = ["apt-get", "install", "--yes", "--no-install-recommends"];
  await inRoot(root, ["apt-get", "update"]);
  await inRoot(root, ["apt-get", "dist-upgrade", "--yes"]);
  await inRoot(root, [...install, ...recipe.packages]);
  await inRoot(root, [...install, "--download-only", ...recipe.mirrored]);
  await inRoot(root, ["systemctl", "enable", ...recipe.units]);
  await indexPackages(kept, join(folder, "packages"));
  await finish(root, compose);
  const boot = await readdir(join(root, "boot"));
  for (const name of ["vmlinuz", "initrd.img"]) {
    const found = boot.find((file) => file.startsWith(`${name}-`)) ?? name;
    await copyFile(join(root, "boot", found), join(folder, name));
  }
  const about = { packagesUrl: recipe.packagesUrl };
  await writeFile(join(folder, "image.json"), `${JSON.stringify(about)}\n`);
  const disk = join(folder, "disk.raw");
  await run("mkfs.ext4", ["-q", "-L", "root", "-d", root, disk, `${recipe.diskGibibytes}G`]);
  await rm(root, { recursive: true, force: true });
}

async function prepare(root: string): Promise<void> {
  const { suite, archive, securityArchive, earlyModules } = recipe;
  const sources = [
    `deb ${archive} ${suite} main`,
    `deb ${archive} ${suite}-updates main`,
    `deb ${securityArchive} ${suite}-security main`,
  ];
  await put(root, "etc/apt/sources.list", `${sources.join("\n")}\n`);
  // Debian's apt removes what it has installed; these go into the repository.
  await put(root, "etc/apt/apt.conf.d/99keep", 'APT::Keep-Downloaded-Packages "true";\n');
  // A package's services do not start in here (invoke-rc.d(8)).
  await put(root, "usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n");
  await chmod(join(root, "usr/sbin/policy-rc.d"), 0o755);
  await put(root, "etc/initramfs-tools/conf.d/pve-home", "MODULES=list\nCOMPRESS=zstd\n");
  await put(root, "etc/initramfs-tools/modules", `${earlyModules.join("\n")}\n`);
  await copyFile("/etc/resolv.conf", join(root, "etc/resolv.conf"));
}

async function finish(root: string, compose: string): Promise<void> {
  await rm(join(root, "usr/sbin/policy-rc.d"));
  await rm(join(root, "etc/apt/apt.conf.d/99keep"));
  for (const folder of ["var/lib/apt/lists", "var/cache/apt", "var/log", "usr/share/doc"]) {
    for (const name of await readdir(join(root, folder))) {
      if (name === "journal" || name === "apt") continue;
      await rm(join(root, folder, name), { recursive: true, force: true });
    }
  }
  for (const name of await readdir(join(root, "etc/ssh"))) {
    if (name.startsWith("ssh_host_")) await rm(join(root, "etc/ssh", name));
  }
  for (const [path, content] of Object.entries(recipe.files)) await put(root, path, content);
  await rm(join(root, "etc/resolv.conf"));
  await put(root, "etc/resolv.conf", "");
  await mkdir(join(root, dirname(composePlugin)), { recursive: true });
  await cp(compose, join(root, composePlugin));
  await chmod(join(root, composePlugin), 0o755);
}

async function put(root: string, path: string, content: string): Promise<void> {
  await mkdir(join(root, dirname(path)), { recursive: true });
  await writeFile(join(root, path), content);
}

// In a mount namespace of its own: nothing stays mounted, however this ends.
async function inRoot(root: string, command: readonly string[]): Promise<void> {
  const script =
    'mount --rbind /dev "$1/dev" && mount -t proc proc "$1/proc" && mount --rbind /sys "$1/sys" && exec chroot "$@"';
  const env = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8", HOME: "/root" };
  await run("unshare", ["--mount", "sh", "-c", script, "sh", root, ...command], env);
}

async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const path = "/usr/sbin:/usr/bin:/sbin:/bin";
  const child = await runChild(program, args, { env: { ...process.env, ...env, PATH: path } });
  if (child.code === 0) return;
  const said = child.output.trim().split("\n").slice(-8).join("\n");
  throw new ProgramError(
    "build-failed",
    `the guest image was not built: ${program} ended with ${child.code}:\n${said}`,
    `${recipe.archive} must be reachable, and the cache needs 5 GB of free space.`,
  );
}
