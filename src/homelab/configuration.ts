import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import type { z } from "zod";
import { Problem } from "../model/problem.ts";
import { parseText, readDocument } from "./document.ts";
import { pathFrom } from "./home-path.ts";
import { type Settings, settingsSchema } from "./settings.ts";

const fileName = "pve-home.yaml";
const environmentsFolder = "infrastructure/proxmox/environments";
const exampleFile = fileURLToPath(new URL("../../pve-home.example.yaml", import.meta.url));

/** The settings, and where they came from. */
export interface Configuration {
  settings: Settings;
  /** The file, or undefined where there is none and the checkout's folders speak. */
  file: string | undefined;
  /** What relative paths start from. */
  folder: string;
  /** Names of all environments, in the order of the file. */
  environmentNames: string[];
  /** Those of them that `--all` leaves out: folders of the checkout as it was cloned, with the example alone. */
  notSetUp: string[];
}

/**
 * Finds and reads pve-home.yaml: `explicit`, else the current folder and its parents, else /etc/pve-home/.
 * Without a file the environments are the folders below infrastructure/proxmox/environments of the checkout.
 */
export function loadConfiguration(cwd: string, explicit?: string): Configuration {
  const file = explicit === undefined ? find(cwd, fileName, "/etc/pve-home") : resolve(cwd, explicit);
  if (file !== undefined) {
    const settings = readDocument(file, settingsSchema, exampleFor);
    const folder = dirname(file);
    return { settings, file, folder, ...environmentsIn(settings, folder) };
  }
  const checkout = find(cwd, environmentsFolder);
  const folder = checkout === undefined ? cwd : resolve(checkout, "../../..");
  const settings = parseText(fileName, "{}", settingsSchema);
  return { settings, file: undefined, folder, ...environmentsIn(settings, folder) };
}

/** Settings that only a feature knows the shape of: the same file, by the feature's schema, with the same messages. */
export function readSettings<T>({ file }: Configuration, schema: z.ZodType<T>): T {
  if (file === undefined) return parseText(fileName, "{}", schema);
  return readDocument(file, schema, exampleFor);
}

/** Where an environment's Terraform folder is when the settings do not say. */
export function defaultDirectory(folder: string, environment: string): string {
  return join(folder, environmentsFolder, environment);
}

/** An absolute path for one that the settings name; `~/` is the user's home. */
export function settingPath(configuration: Configuration, path: string): string {
  return pathFrom(configuration.folder, path);
}

/** How a message names the place of a setting: `pve-home.yaml: proxmox.api_token`. */
export function settingPlace(configuration: Configuration, key: string): string {
  return configuration.file === undefined ? key : `${configuration.file}: ${key}`;
}

/** The environments that `--env` and `--all` ask for; neither, both or an unknown name is a usage Problem. */
export function chooseEnvironments(
  configuration: Configuration,
  asked: { env: readonly string[]; all: boolean },
): string[] {
  const names = configuration.environmentNames;
  const list = names.length === 0 ? "there is none here" : `there is ${names.join(", ")}`;
  if (names.length === 0 && asked.env.length === 0) {
    throw new Problem({
      kind: "configuration",
      code: "no-environments",
      message:
        configuration.file === undefined
          ? `no environment found: neither ${fileName} nor ${environmentsFolder}/ here or above`
          : `${configuration.file} names no environment`,
      hint:
        configuration.file === undefined
          ? "name the configuration with --config FILE, or go to your checkout"
          : "for example: environments: { prod: { directory: infrastructure/proxmox/environments/prod } }",
    });
  }
  if (asked.all === asked.env.length > 0) {
    throw new Problem({
      kind: "usage",
      code: "environment-missing",
      message: asked.all ? "--env and --all exclude each other" : `which environment? ${list}`,
      hint: `${names.map((name) => `--env ${name}`).join(", ")} or --all`,
    });
  }
  for (const name of asked.env) {
    if (!names.includes(name)) {
      throw new Problem({
        kind: "usage",
        code: "environment-unknown",
        message: `there is no environment "${name}"; ${list}`,
        hint: `for example: --env ${names[0] ?? "prod"}`,
      });
    }
  }
  if (!asked.all) return names.filter((name) => asked.env.includes(name));
  const { notSetUp } = configuration;
  // With none of them set up, each says what it lacks.
  return notSetUp.length === names.length ? names : names.filter((name) => !notSetUp.includes(name));
}

function find(start: string, relative: string, last?: string): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const candidate = join(folder, relative);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) break;
  }
  const candidate = last === undefined ? undefined : join(last, relative);
  return candidate !== undefined && existsSync(candidate) ? candidate : undefined;
}

type Environments = Pick<Configuration, "environmentNames" | "notSetUp">;

function environmentsIn(settings: Settings, folder: string): Environments {
  if (settings.environments !== undefined) {
    return { environmentNames: Object.keys(settings.environments), notSetUp: [] };
  }
  const parent = join(folder, environmentsFolder);
  if (!existsSync(parent)) return { environmentNames: [], notSetUp: [] };
  const names = readdirSync(parent)
    .filter((name) => statSync(join(parent, name)).isDirectory() && existsSync(join(parent, name, "main.tf")))
    .sort();
  return { environmentNames: names, notSetUp: names.filter((name) => isAsCloned(join(parent, name))) };
}

/** Files of an environment that was set up: values, a state, a backend, or what `init` leaves. */
const signs =
  /^(terraform\.tfvars(\.json)?|.+\.auto\.tfvars(\.json)?|.+\.tfstate|\.terraform.*|backend\.\w+)$/;

function isAsCloned(directory: string): boolean {
  const files = readdirSync(directory);
  return files.includes("terraform.tfvars.example") && !files.some((file) => signs.test(file));
}

/** The example with the lists that it shows as comments, because they exclude another setting. */
export function withAlternatives(example: string): string {
  return example.replace(/^( *)# (\w+: \[.*\])$/gm, "$1$2");
}

/** A legal value for a key, from pve-home.example.yaml: `timeout: 10`. */
function exampleFor(key: readonly PropertyKey[]): string | undefined {
  const example: unknown = parseDocument(withAlternatives(readFileSync(exampleFile, "utf8"))).toJS();
  let here = example;
  let last: PropertyKey | undefined;
  for (const part of key) {
    if (here === null || typeof here !== "object") break;
    const children = here as Record<PropertyKey, unknown>;
    // Names that the user chose (environments, nodes, secrets) stand in the example under another name.
    const known = part in children ? part : isNamed(key, part) ? Object.keys(children)[0] : undefined;
    const names = Object.keys(children);
    if (known === undefined) return names.length === 0 ? undefined : `one of ${names.join(", ")}`;
    here = children[known];
    last = known;
  }
  if (last === undefined || typeof last === "number") return JSON.stringify(here);
  return `${String(last)}: ${JSON.stringify(here)}`;
}

function isNamed(key: readonly PropertyKey[], part: PropertyKey): boolean {
  const parent = key[key.indexOf(part) - 1];
  return parent === "environments" || parent === "nodes" || parent === "secrets" || typeof part === "number";
}
