import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { TerraformRun, ToolName } from "../connect/terraform/types.ts";
import { Problem } from "../model/problem.ts";
import { type Configuration, defaultDirectory, settingPath, settingPlace } from "./configuration.ts";
import type { EnvironmentSettings } from "./settings.ts";

type ProcessEnvironment = Record<string, string | undefined>;

/**
 * How an environment's Terraform is run, without what it needs to reach Proxmox (see `providerEnvironment`).
 * A folder that is not there is a Problem of kind `configuration`.
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
  if (!existsSync(directory)) {
    throw new Problem({
      kind: "configuration",
      code: "environment-folder-missing",
      message: `the folder of environment ${name} is not there: ${directory}`,
      place: settingPlace(configuration, `environments.${name}.directory`),
      hint: `for example: directory: infrastructure/proxmox/environments/${name}`,
    });
  }
  const path = (value: string) => settingPath(configuration, value);
  return {
    directory,
    tool: settings?.tool ?? toolOf(directory, environment),
    environment: {},
    ...(settings?.program === undefined ? {} : { program: path(settings.program) }),
    ...(settings?.cli_config === undefined ? {} : { cliConfigFile: path(settings.cli_config) }),
    ...backendOf(settings, path),
    varFiles: (settings?.var_files ?? []).map(path),
  };
}

function backendOf(
  settings: EnvironmentSettings | undefined,
  path: (value: string) => string,
): Pick<TerraformRun, "backend"> {
  const backend = settings?.backend;
  if (backend === undefined) return {};
  return { backend: typeof backend === "string" ? { file: path(backend) } : { settings: backend } };
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
