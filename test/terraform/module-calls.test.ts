import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { codeFolders, root } from "../../tools/private-copy.ts";
import { attributes, blocks, text } from "./hcl-blocks.ts";

// What is said in one folder reaches the module that it is meant for: by Terraform's own tests a setting that a caller
// leaves out is not seen, because the module's default takes its place.

const infrastructure = join(root, "infrastructure");
const meta = ["source", "version", "count", "for_each", "providers", "depends_on"];

interface Exception {
  readonly callers: readonly string[];
  readonly module: string;
  readonly why: string;
  readonly names: string;
}

/** Variables that a caller leaves to the module's default. */
const leftOut: readonly Exception[] = [
  {
    callers: ["prod", "lab", "monitoring"],
    module: "backup",
    why: "an environment's job backs up its own guests, wherever they run",
    names: "all node notes_template",
  },
  {
    callers: ["prod", "lab"],
    module: "vm",
    why: "the images of the log agent go with the version of the module",
    names: "alloy_image docker_proxy_image log_system_source promtail_image",
  },
  {
    callers: ["prod", "lab"],
    module: "vm",
    why: "files of other modules; what a user's guest is to hold, the user says to the guest",
    names: "directories files",
  },
  ...["vm", "lxc"].map((module) => ({
    callers: ["prod", "lab"],
    module,
    why: "a firewall that lets in what no rule names is none",
    names: "firewall_input_policy",
  })),
  {
    callers: ["monitoring"],
    module: "monitoring-stack",
    why: "settings of VMs that the one of the stack has no other use for",
    names: "agent_timeout backup cpu_type stop_on_destroy",
  },
  {
    callers: ["monitoring-stack"],
    module: "vm",
    why: "settings of VMs that the one of the stack has no use for",
    names:
      "agent_enabled alloy_image ballooning data_disks docker_proxy_image expiration_days firewall_input_policy install_promtail log_agent log_system_source loki_url promtail_image promtail_scrape_configs",
  },
  {
    callers: ["monitoring-stack"],
    module: "config",
    why: "a machine of its own, with the package of node-exporter, before other environments are known",
    names:
      "bind_address container_user docker_socket inventories node_exporter_container ports pve_nodes textfile_directory",
  },
  {
    callers: ["minio"],
    module: "lxc",
    why: "settings of containers that the one of the store has no use for",
    names:
      "bind_mounts docker expiration_days firewall_input_policy fuse keyctl mac_address nesting root_login ssh_user swap_mb unprivileged",
  },
];

/** Arguments that are made of something of another name. */
const renamed: readonly Exception[] = [
  {
    callers: ["prod", "lab", "monitoring"],
    module: "backup",
    why: "they follow from the environment and its guests",
    names: "job_id vm_ids",
  },
  ...["vm", "lxc"].map((module) => ({
    callers: ["prod", "lab"],
    module,
    why: "the key in the map of guests",
    names: "name",
  })),
  {
    callers: ["minio"],
    module: "lxc",
    why: "the data volume, and the variable container_id",
    names: "mount_points vm_id",
  },
  {
    callers: ["monitoring-stack"],
    module: "vm",
    why: "the stack runs in Docker, and is watched like any guest",
    names: "docker node_exporter",
  },
  {
    callers: ["monitoring-stack"],
    module: "config",
    why: "the VM's name",
    names: "hostname",
  },
];

const exceptions = (list: readonly Exception[], { caller, module }: Call) =>
  list
    .filter((one) => one.module === module && one.callers.includes(caller))
    .flatMap(({ names }) => names.split(" "));

interface Call {
  readonly caller: string;
  readonly module: string;
  /** Arguments by name, each with its expression. */
  readonly given: ReadonlyMap<string, string>;
  readonly variables: readonly string[];
}

async function hclOf(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".tf")).sort();
  return (await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")))).join("\n");
}

async function callsOf(path: string): Promise<Call[]> {
  const folder = join(infrastructure, path);
  const found = blocks("module", await hclOf(folder)).map(async ({ body }) => {
    const module = join(folder, text("source", body) ?? "");
    const given = [...attributes(body)].filter(([name]) => !meta.includes(name));
    const variables = blocks("variable", await hclOf(module)).map(({ name }) => name);
    return { caller: basename(path), module: basename(module), given: new Map(given), variables };
  });
  return Promise.all(found);
}

const folders = (await codeFolders(infrastructure)).map(({ path }) => path);
const calls = (await Promise.all(folders.map(callsOf))).flat();

test("calls of modules are found at all", () => {
  const found = calls.map(({ caller, module }) => `${caller}: ${module}`);
  expect(found).toEqual(expect.arrayContaining(["prod: vm", "prod: lxc", "prod: backup", "minio: lxc"]));
});

test.each(calls)("$caller hands on every variable of module $module, and no other", (call) => {
  expect([...call.given.keys(), ...exceptions(leftOut, call)].sort()).toEqual([...call.variables].sort());
});

test.each(calls)("$caller hands on to module $module what has the same name", (call) => {
  const others = [...call.given].filter(([name, written]) => {
    const expression = written.replace(/^\w+\s+=/, "");
    return !new RegExp(`\\b${name}\\b`).test(expression);
  });
  expect(others.map(([name]) => name).sort()).toEqual(exceptions(renamed, call).sort());
});

test.each(["prod", "lab"])("every setting of a guest in environment %s is read", async (environment) => {
  const folder = join(infrastructure, "proxmox", "environments", environment);
  const declared = await readFile(join(folder, "variables.tf"), "utf8");
  const elsewhere = (await hclOf(folder)).replace(declared, "");
  for (const variable of ["vms", "containers"]) {
    const type = blocks("variable", declared).find(({ name }) => name === variable)?.body ?? "";
    const settings = [...type.matchAll(/^ {2}(\w+)\s+= optional\(/gm)].map(([, name]) => name ?? "");
    expect(settings.length, variable).toBeGreaterThan(30);
    // `each.value.gateway`, not `var.gateway`, which is the shared one.
    const unread = settings.filter((name) => !new RegExp(`(?<!\\bvar)\\.${name}\\b`).test(elsewhere));
    expect(unread, variable).toEqual([]);
  }
});
