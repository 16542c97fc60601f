import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
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
  return realPath(namedFolder(io, configuration, flags));
}

/** As Compose names it; the end of the path need not be there yet. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realPath(dirname(path)), basename(path));
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

/** The command for this stack: `pve-home stack down --lab`. */
export function commandFor(name: "up" | "down" | "sync", { folder, lab, config }: StackFlags): string {
  const flags = [
    ...(lab ? ["--lab"] : []),
    ...(folder === undefined ? [] : ["--folder", quoted(folder)]),
    ...(config === undefined ? [] : ["--config", quoted(config)]),
  ];
  return ["pve-home", "stack", name, ...flags].join(" ");
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:@~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
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
    hint: `${commandFor("up", flags)}${flags.lab ? "" : "; the stack of `up --lab` is meant with --lab"}`,
  });
}

/** The environment that declares the stack. */
export const environmentName = "monitoring";

export function stackRun(io: Io, configuration: Configuration): TerraformRun {
  return {
    ...terraformRun(configuration, environmentName, io.env),
    signal: io.interrupted,
    progress: io.log,
  };
}

export function composeProject(io: Io, folder: string): ComposeProject {
  return { folder, signal: io.interrupted, log: io.log };
}
