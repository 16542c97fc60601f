import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "../start.mjs";
import type { Resolution } from "./built.ts";

/** A folder of the cache; another key means another content. */
export interface Cached {
  readonly kind: "programs" | "images";
  readonly key: string;
  readonly title: string;
}

/** Puts a folder into the cache unless it is there, one process at a time, whole or not at all. Returns its path. */
export async function ensureCached(
  what: Cached,
  r: Resolution,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(r.cache, what.kind, what.key);
  if (existsSync(folder)) return folder;
  const onWait = (): void => {
    r.stderr.write(`another process is building ${what.title}, waiting for it\n`);
  };
  await withLock(
    join(r.cache, "locks", what.key),
    async () => {
      if (existsSync(folder)) return;
      const fresh = `${folder}.tmp`;
      try {
        await rm(fresh, { recursive: true, force: true });
        await mkdir(fresh, { recursive: true });
        await make(fresh);
        await rename(fresh, folder);
      } finally {
        await rm(fresh, { recursive: true, force: true });
      }
    },
    { onWait },
  );
  return folder;
}
