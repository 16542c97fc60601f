import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheKey, type Resolution, type ResolveOptions, resolution } from "../programs/built.ts";
import { buildProgram } from "../programs/index.ts";
import { startProgress } from "../programs/progress.ts";
import { programs } from "../programs/registered.ts";
import { withLock } from "../start.mjs";
import { buildImage } from "./build.ts";
import { imageKey } from "./recipe.ts";
import { requireForImage } from "./requirements.ts";

/**
 * The folder of the guest image that the lab's machines boot; built in the cache where it is missing, in two to four
 * minutes. Throws ProgramError: tool-missing where a program or root is missing, build-failed, and what building
 * Docker Compose throws.
 */
export async function resolveGuestImage(o: ResolveOptions = {}): Promise<string> {
  const r = resolution(o);
  const folder = join(r.cache, "guest-images", imageKey(cacheKey(programs["docker-compose"])));
  if (existsSync(folder)) return folder;
  await withLock(
    join(r.cache, "locks", "guest-image"),
    async () => {
      if (!existsSync(folder)) await build(folder, r);
    },
    { onWait: () => r.stderr.write("another process is building the guest image, waiting for it\n") },
  );
  return folder;
}

async function build(folder: string, r: Resolution): Promise<void> {
  requireForImage();
  const compose = await buildProgram("docker-compose", r);
  const fresh = `${folder}.tmp`;
  const done = startProgress("building the guest image", r.stderr);
  try {
    await rm(fresh, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(fresh);
    await buildImage(fresh, compose.path);
    await rename(fresh, folder);
    done("guest image built");
  } catch (error) {
    done();
    throw error;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
