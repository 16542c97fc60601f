import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { ChildResult } from "../process.ts";
import { runTool } from "./command.ts";
import { toolFailure } from "./failures.ts";
import { hclSettings } from "./hcl-settings.ts";
import { withValues } from "./imported-state.ts";
import type { Importing, TerraformRun } from "./types.ts";

/** What a prepared and initialised copy knows. */
export interface ImportPlace {
  run: TerraformRun;
  directory: string;
  /** Of a local state. */
  stateFile: string | undefined;
  initArguments: readonly string[];
  variableArguments: readonly string[];
}

const override = "pve-home_override.tf";
const scratch = "pve-home.import.json";

/**
 * Imports one resource into a copy of the state, completes it with the values it is declared with, and writes the whole
 * back in one step: the user's state has all of it or nothing. An import alone would leave out what Proxmox does not
 * return, such as the template, and the next apply would replace the guest for it. Problems as of `Workspace.import`.
 */
export async function importResource(place: ImportPlace, importing: Importing): Promise<void> {
  const { run, directory, stateFile } = place;
  const file = join(directory, scratch);
  const call = async (args: readonly string[], of: TerraformRun = run): Promise<ChildResult> => {
    const result = await runTool(of, { args, cwd: directory });
    if (result.exitCode !== 0) throw toolFailure(run, "import", result);
    return result;
  };
  const link = linkOf(place);
  if (link !== undefined) relink(link, stateFile);
  const { stdout: before } = await call(["state", "pull"]);
  if (before.trim() !== "") writeFileSync(file, before, { mode: 0o600 });

  // Only here is the backend another one; what the real init has found out stays where it is.
  const beside = { ...run, environment: { ...run.environment, TF_DATA_DIR: join(directory, ".pve-home") } };
  const backend = `terraform {\n  backend "local" {\n${hclSettings({ path: file })}  }\n}\n`;
  writeFileSync(join(directory, override), backend);
  // A state under the usual name would be asked about: is it to move?
  if (link !== undefined) relink(link, undefined);
  try {
    const { address, id } = importing;
    const flags = ["-input=false", "-no-color"];
    await call(["init", ...flags, ...place.initArguments], beside);
    await call(["import", ...flags, ...place.variableArguments, address, id], beside);
  } finally {
    rmSync(join(directory, override));
    if (link !== undefined) relink(link, stateFile);
  }
  withValues(file, importing);
  const seconds = Math.ceil(importing.lockTimeoutMs / 1000);
  const push = ["state", "push", `-lock-timeout=${seconds}s`, file];
  // Begun, it is not cut short: an interrupt comes too late.
  const never = new AbortController().signal;
  const whole = { signal: never, interrupt: never, outlivesUs: true } as const;
  const result = await runTool(run, { args: push, cwd: directory, ...whole });
  if (result.exitCode !== 0) throw toolFailure(run, "import", result);
}

/** The name of a local state in the copy, the only one by which `state pull` and `state push` know it. */
function linkOf({ run, directory, stateFile }: ImportPlace): string | undefined {
  const name = stateFile === undefined ? ".." : relative(run.directory, stateFile);
  return name.startsWith("..") ? undefined : join(directory, name);
}

/** There is none yet before the first apply: it leads to a file that the push makes. */
function relink(link: string, target: string | undefined): void {
  rmSync(link, { force: true });
  if (target === undefined) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(target, link);
}
