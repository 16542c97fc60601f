import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChild } from "../programs/child.ts";
import { buildProgram, ProgramError } from "../programs/index.ts";
import { bases, type StackImage } from "./index.ts";
import { debianArchive, sources } from "./sources.ts";

/** Builds and fetches what the images are made of, which takes the network unless it is in the cache. */
export async function prepareImages(images: readonly StackImage[]): Promise<void> {
  await debianArchive();
  for (const image of images) await parts(image);
}

/** Makes the images in the Docker that `env` names, which takes no network. Throws ProgramError: child-failed. */
export async function buildImages(images: readonly StackImage[], env: NodeJS.ProcessEnv): Promise<void> {
  await docker(["import", await debianArchive(), "stack-test/debian"], env);
  for (const image of [...bases, ...images]) {
    const context = await mkdtemp(join(tmpdir(), "pve-home-image-"));
    try {
      await cp(join(import.meta.dirname, image.folder), context, { recursive: true });
      for (const [name, path] of await parts(image)) await cp(path, join(context, name), copying);
      await docker(["build", "--quiet", "--tag", image.image, context], env);
    } finally {
      await rm(context, { recursive: true, force: true });
    }
  }
}

const copying = { recursive: true, verbatimSymlinks: true, dereference: false };

/** What goes beside an image's Dockerfile: name there, and path here. */
async function parts(image: StackImage): Promise<[name: string, path: string][]> {
  const all: [string, string][] = [];
  for (const name of image.programs ?? []) {
    const { path } = await buildProgram(name);
    // The file is named as the program is, whatever version of it.
    all.push([name.replace(/-floor$/, ""), path]);
  }
  for (const name of image.files ?? []) all.push([name, await sources[name]()]);
  return all;
}

async function docker(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  // The builder that every version has without a plugin.
  const { code, output } = await runChild("docker", args, { env: { ...env, DOCKER_BUILDKIT: "0" } });
  if (code === 0) return;
  throw new ProgramError(
    "child-failed",
    `docker ${args[0]} failed (exit ${code}):\n${output.trim().split("\n").slice(-15).join("\n")}`,
    "Its Dockerfile is in tools/stack-images.",
  );
}
