import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDir } from "../tools/start.mjs";

/** Runs once, before the workers start: they inherit this environment. */
export function setup(): () => void {
  // What the developer has built stays in use when HOME is another.
  process.env.PVE_HOME_CACHE = cacheDir();
  // Hundreds of short-lived processes: compiled code is kept, and Terraform and its provider, each alive for a
  // second or two, need not collect garbage as if they stayed.
  process.env.NODE_COMPILE_CACHE ??= join(process.env.PVE_HOME_CACHE, "node");
  process.env.GOGC ??= "400";
  // What tests make, in a folder that goes with them, also when one of them was cut short.
  const folder = mkdtempSync(join(tmpdir(), "pve-home-test-"));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
