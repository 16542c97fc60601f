import { existsSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ComposeProject } from "../connect/docker/compose.ts";
import type { TerraformRun } from "../connect/terraform/types.ts";
import { type Configuration, settingPath } from "../homelab/configuration.ts";
import { stateDirectory } from "../homelab/state-directory.ts";
import { terraformRun } from "../homelab/terraform-run.ts";
import { Problem } from "../model/problem.ts";
import { readRecord, type StackRecord } from "../stack/record.ts";
import type { Io } from "./io.ts";
import type { StackFlags } from "./stack.ts";

/** The folder of the stack that is meant: `--folder`, the one of `--lab`, or the one of the configuration. */
export function stackFolder(io: Io, configuration: Configuration, flags: StackFlags): string {
  const folder = namedFolder(io, configuration, flags);
  // As Compose names it.
  return existsSync(folder) ? realpathSync(folder) : folder;
}

function namedFolder(io: Io, configuration: Configuration, { folder, lab }: StackFlags): string {
  if (folder !== undefined) return resolve(io.cwd, folder);
  const own = stateDirectory(configuration, io.env);
  if (lab) return join(own, "stack-lab");
  const setting = configuration.settings.stack.folder;
  return setting === undefined ? join(own, "stack") : settingPath(configuration, setting);
}

/** Where the simulated Proxmox VE of a stack is kept, and how that stack is told from others. */
export function labFolder(folder: string): string {
  return join(folder, "lab");
}

export function isOfLab(folder: string): boolean {
  return existsSync(labFolder(folder));
}

/** The flags that name this stack again. */
export function flagsOf({ folder, lab }: StackFlags): string {
  return `${lab ? " --lab" : ""}${folder === undefined ? "" : ` --folder ${folder}`}`;
}

/** What was last placed in the folder. Problem `stack-missing` of kind `usage`. */
export function placedStack(folder: string, flags: StackFlags): StackRecord {
  const record = readRecord(folder);
  if (record !== undefined) return record;
  throw new Problem({
    kind: "usage",
    code: "stack-missing",
    message: `there is no stack in ${folder}`,
    place: folder,
    hint: `pve-home stack up${flagsOf(flags)}${flags.lab ? "" : "; the one of up --lab is meant by --lab here too"}`,
  });
}

/** The environment that declares the stack. */
const environmentName = "monitoring";

export function stackRun(io: Io, configuration: Configuration): TerraformRun {
  return { ...terraformRun(configuration, environmentName, io.env), signal: io.interrupted };
}

export function composeProject(io: Io, folder: string): ComposeProject {
  return { folder, signal: io.interrupted, log: io.log };
}
