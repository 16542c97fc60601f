import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { evaluate } from "../connect/terraform/evaluate.ts";
import type { TerraformRun } from "../connect/terraform/types.ts";
import { readText } from "../homelab/document.ts";
import type { Inventory } from "../model/inventory.ts";
import { jsonText } from "../model/json.ts";
import { Problem } from "../model/problem.ts";
import { type Rendered, renderedSchema } from "./rendered.ts";

/** What is said besides the environment's variables; names and meaning are those of the config module's variables. */
export interface GivenVariables {
  inventories: readonly Inventory[];
  hostname?: string;
  ip_address?: string;
  bind_address?: string;
  ports?: Record<string, number>;
  images?: Record<string, string>;
  container_user?: string;
  docker_socket?: string;
  textfile_directory?: string;
  node_exporter_container?: boolean;
  pve_nodes?: Record<string, { address: string; api_port: number }>;
  pve_ca?: boolean;
  pve_verify_ssl?: boolean;
}

const configModule = "monitoring-stack/config";

/**
 * Renders the stack as the environment monitoring declares it, its variables and their checks included; nothing has to be
 * applied. `run` says where that environment is and which tool computes it. Problems: `stack-module-missing`, those of
 * the tool, and `stack-output-invalid` where the module returns something else than we know.
 */
export async function renderStack(run: TerraformRun, given: GivenVariables): Promise<Rendered> {
  const modules = resolve(run.directory, "../../modules");
  const known = variablesIn(join(modules, configModule));
  if (known.length === 0) throw moduleMissing(join(modules, configModule));
  const own = existsSync(join(run.directory, "variables.tf")) ? ["variables.tf"] : [];
  const values = readdirSync(run.directory).filter((name) =>
    /(^terraform|\.auto)\.tfvars(\.json)?$/.test(name),
  );
  const copied = [...own, ...values].map((name): [string, string] => [
    name,
    readText(join(run.directory, name)),
  ]);
  const declared = declarationsIn(copied.find(([name]) => name === "variables.tf")?.[1] ?? "");
  const outputs = await evaluate(run, {
    modules,
    files: {
      ...Object.fromEntries(copied),
      "given.json": jsonText(given),
      "main.tf.json": jsonText(rootModule(known, declared, Object.keys(given)), 2),
    },
  });
  const parsed = renderedSchema.safeParse(outputs.stack);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem({
    kind: "undetermined",
    code: "stack-output-invalid",
    message: `the module ${configModule} returns something else than expected: ${issue?.path.join(".")}: ${issue?.message}`,
    place: join(modules, configModule, "outputs.tf"),
    hint: "use program and modules of one checkout",
  });
}

/** A root module in JSON: the environment's variables go to the config module's of the same name, unless they are given. */
function rootModule(known: readonly string[], declared: readonly string[], given: readonly string[]): object {
  const from = (expression: string) => `\${${expression}}`;
  const has = (name: string) => declared.includes(name);
  return {
    locals: { given: from('jsondecode(file("given.json"))') },
    module: {
      stack: {
        source: `../modules/${configModule}`,
        ...Object.fromEntries(known.filter(has).map((name) => [name, from(`var.${name}`)])),
        // As in modules/monitoring-stack: the machine of the stack is the environment's VM.
        ...(has("name") ? { hostname: from("var.name") } : {}),
        ...(has("ipv4") ? { ip_address: from('split("/", var.ipv4)[0]') } : {}),
        ...Object.fromEntries(given.map((name) => [name, from(`local.given.${name}`)])),
        // One image that is given leaves the others as the environment has them.
        ...(has("images") && given.includes("images")
          ? { images: from("merge(var.images, local.given.images)") }
          : {}),
      },
    },
    output: { stack: { value: from("module.stack"), sensitive: true } },
  };
}

function variablesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith(".tf"));
  return files.flatMap((name) => declarationsIn(readText(join(folder, name))));
}

function declarationsIn(code: string): string[] {
  return [...code.matchAll(/^variable "(\w+)"/gm)].map((match) => match[1] ?? "");
}

function moduleMissing(place: string): Problem {
  return new Problem({
    kind: "configuration",
    code: "stack-module-missing",
    message: `the module that renders the monitoring stack is not there: ${place}`,
    place,
    hint: "in a checkout it is beside the environments: infrastructure/proxmox/modules/monitoring-stack/config",
  });
}
