import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDir } from "../tools/start.mjs";

/** Runs once, before the workers start: they inherit this environment. */
export function setup(): () => void {
  // What the developer has built stays in use when HOME is another.
  process.env.PVE_HOME_CACHE = cacheDir();
  // What tests make, in a folder that goes with them, also when one of them was cut short.
  const folder = mkdtempSync(join(tmpdir(), "pve-home-test-"));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
