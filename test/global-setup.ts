import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDir } from "../tools/start.mjs";

/** Runs once, before the workers start: they inherit this environment. */
export function setup(): () => void {
  // What the developer has built stays in use when HOME is another.
  process.env.PVE_HOME_CACHE = cacheDir();
  const homes = mkdtempSync(join(tmpdir(), "pve-home-test-"));
  process.env.PVE_HOME_TEST_HOMES = homes;
  return () => rmSync(homes, { recursive: true, force: true });
}
