import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Resolution, resolution } from "../programs/built.ts";
import { ensureCached } from "../programs/cached.ts";
import { runChild } from "../programs/child.ts";
import { ProgramError, resolvePveExporter } from "../programs/index.ts";
import { startProgress } from "../programs/progress.ts";

/** A file or folder of an image that is neither in this repository nor a Go program. */
export type Source = "app.tar" | "node" | "packages";

/** Where each is found, installed into the cache where that has to be. They throw ProgramError: build-failed, tool-missing. */
export const sources: Readonly<Record<Source, () => Promise<string>>> = {
  "app.tar": uptimeKuma,
  node: async () => process.execPath,
  packages: pveExporterPackages,
};

const suite = "bookworm";
const packages = ["busybox-static", "ca-certificates", "haproxy", "mariadb-server", "python3"];
const trimmed = [
  "usr/share/doc",
  "usr/share/man",
  "usr/share/locale",
  "var/cache/apt",
  "var/lib/apt/lists",
  "var/lib/mysql",
];

/** A small Debian with what several images need, as an archive for `docker import`; needs root and debootstrap. */
export async function debianArchive(): Promise<string> {
  const r = resolution({});
  const hash = createHash("sha256")
    .update([suite, ...packages, ...trimmed].join(" "))
    .digest("hex")
    .slice(0, 12);
  const what = {
    kind: "images",
    key: `debian-${suite}-${process.arch}-${hash}`,
    title: `Debian ${suite}`,
  } as const;
  const folder = await ensureCached(what, r, async (dir) => {
    const root = join(dir, "root");
    const args = ["--variant=minbase", `--include=${packages.join(",")}`, suite, root];
    // What it mounts, and what it starts, ends with it.
    const alone = ["--mount", "--pid", "--fork", "--kill-child"];
    await make(`installing ${what.title}, about 2 minutes`, "unshare", [...alone, "debootstrap", ...args], r);
    for (const path of trimmed) await rm(join(root, path), { recursive: true, force: true });
    await make(`packing ${what.title}`, "tar", ["-C", root, "-cf", join(dir, "debian.tar"), "."], r);
    await rm(root, { recursive: true });
  });
  return join(folder, "debian.tar");
}

/** Uptime Kuma with its packages and a Node that it runs on, from npm, as an archive; package-lock.json pins them. */
async function uptimeKuma(): Promise<string> {
  const r = resolution({});
  const from = join(import.meta.dirname, "uptime-kuma");
  const lock = await readFile(join(from, "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex").slice(0, 12);
  const what = { kind: "images", key: `uptime-kuma-${process.arch}-${hash}`, title: "Uptime Kuma" } as const;
  const folder = await ensureCached(what, r, async (dir) => {
    const npm = join(dir, "npm");
    await mkdir(npm);
    for (const name of ["package.json", "package-lock.json"])
      await copyFile(join(from, name), join(npm, name));
    // Scripts would compile SQLite, which this image does not use.
    const args = ["ci", "--prefix", npm, "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
    await make("installing Uptime Kuma, about 1 minute", "npm", [...args, "--loglevel=error"], r);
    // In its image, its packages lie inside of it.
    const app = join(dir, "app");
    await rename(join(npm, "node_modules/uptime-kuma"), app);
    await rename(join(npm, "node_modules"), join(app, "node_modules"));
    await make("packing Uptime Kuma", "tar", ["-C", dir, "-cf", join(dir, "app.tar"), "app"], r);
    for (const folder of [npm, app]) await rm(folder, { recursive: true });
  });
  return join(folder, "app.tar");
}

/** prometheus-pve-exporter for the Python of that Debian, from PyPI. */
async function pveExporterPackages(): Promise<string> {
  const r = resolution({});
  const exporter = await resolvePveExporter(r);
  const what = {
    kind: "images",
    key: `pve-exporter-${exporter.version}-${process.arch}-py311`,
    title: "pve-exporter",
  } as const;
  return ensureCached(what, r, async (dir) => {
    const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
    const wanted = [
      "--target",
      dir,
      "--python-version=3.11",
      `--platform=manylinux2014_${machine}`,
      "--only-binary=:all:",
    ];
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    const args = [...pip, ...wanted, `prometheus-pve-exporter==${exporter.version}`];
    await make(
      "installing prometheus-pve-exporter for its image",
      join(dirname(exporter.path), "python"),
      args,
      r,
    );
  });
}

async function make(title: string, command: string, args: readonly string[], r: Resolution): Promise<void> {
  const done = startProgress(title, r.stderr);
  const { code, output } = await runChild(command, args, { env: r.env });
  done(code === 0 ? title : undefined);
  if (code === 0) return;
  const tail = output.trim().split("\n").slice(-10).join("\n  ");
  throw new ProgramError(
    "build-failed",
    `${title}: ${command} failed (exit ${code}):\n  ${tail}`,
    "Debian's mirror, npm's registry and PyPI, or mirrors of them, must be reachable.",
  );
}
