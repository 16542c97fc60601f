import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { kindOf } from "../connect/system-error.ts";
import { backendOf } from "../connect/terraform/backend.ts";
import type { TerraformRun, ToolName } from "../connect/terraform/types.ts";
import { Problem } from "../model/problem.ts";
import { type Configuration, defaultDirectory, settingPath, settingPlace } from "./configuration.ts";
import type { EnvironmentSettings } from "./settings.ts";
import { storeEnvironment } from "./state-store.ts";

type ProcessEnvironment = Record<string, string | undefined>;

/**
 * How an environment's Terraform is run, with what it needs to reach the store of its state, and without what it needs
 * to reach Proxmox (see `providerEnvironment`). Problems as of `terraformRun` and of secret references.
 */
export async function connectedRun(
  configuration: Configuration,
  name: string,
  environment: ProcessEnvironment,
): Promise<TerraformRun> {
  const run = terraformRun(configuration, name, environment);
  if (backendOf(run.directory).kind !== "s3") return run;
  return { ...run, environment: await storeEnvironment(configuration, environment) };
}

/**
 * How an environment's Terraform is run, as far as it can be said without reading a secret. A folder that is not there
 * is a Problem of kind `configuration`.
 */
export function terraformRun(
  configuration: Configuration,
  name: string,
  environment: ProcessEnvironment,
): TerraformRun {
  const settings = configuration.settings.environments?.[name];
  const directory =
    settings?.directory === undefined
      ? defaultDirectory(configuration.folder, name)
      : settingPath(configuration, settings.directory);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Problem({
      kind: "configuration",
      code: "environment-folder-missing",
      message: `the folder of environment ${name} is not there: ${directory}`,
      place: settingPlace(configuration, `environments.${name}.directory`),
      hint: `for example: directory: infrastructure/proxmox/environments/${name}`,
    });
  }
  const path = (value: string) => settingPath(configuration, value);
  const named = [settings?.var_files ?? [], typeof settings?.backend === "string" ? settings.backend : []];
  const inFolder = readdirSync(directory).map((file) => join(directory, file));
  for (const file of [...inFolder, ...named.flat().map(path)]) refuseSpecial(file);
  return {
    directory,
    tool: settings?.tool ?? toolOf(directory, environment),
    environment: {},
    ...(settings?.program === undefined ? {} : { program: path(settings.program) }),
    ...(settings?.cli_config === undefined ? {} : { cliConfigFile: path(settings.cli_config) }),
    ...partialSettings(settings, directory, path),
    varFiles: (settings?.var_files ?? []).map(path),
  };
}

/** A pipe or a device would be waited for, by us or by the tool. */
function refuseSpecial(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile() || stats.isDirectory()) return;
  throw new Problem({
    kind: "configuration",
    code: "file-unreadable",
    message: `cannot read ${file}: it is ${kindOf(stats)}, and must be a regular file`,
  });
}

/** Where `state migrate` puts them, beside the block that wants them. */
export const backendSettingsFile = "backend.hcl";

function partialSettings(
  settings: EnvironmentSettings | undefined,
  directory: string,
  path: (value: string) => string,
): Pick<TerraformRun, "backend"> {
  const backend = settings?.backend;
  if (typeof backend === "string") return { backend: { file: path(backend) } };
  if (backend !== undefined) return { backend: { settings: backend } };
  const file = join(directory, backendSettingsFile);
  return existsSync(file) && backendOf(directory).kind !== "local" ? { backend: { file } } : {};
}

/** The tool whose registry the lock file names; without one the first on PATH, and `terraform` to complain about. */
function toolOf(directory: string, environment: ProcessEnvironment): ToolName {
  const lockFile = join(directory, ".terraform.lock.hcl");
  if (existsSync(lockFile)) {
    return readFileSync(lockFile, "utf8").includes("registry.opentofu.org/") ? "tofu" : "terraform";
  }
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = (tool: ToolName) => folders.some((folder) => existsSync(join(folder, tool)));
  return !onPath("terraform") && onPath("tofu") ? "tofu" : "terraform";
}
