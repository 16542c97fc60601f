import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { World } from "../../lab/world.ts";
import { root } from "../../tools/private-copy.ts";
import { providerProxmox } from "../../tools/programs/provider-proxmox.ts";
import { editFile, type LabEnvironments, startLabEnvironments } from "./lab-environments.ts";

// Writes test/drift/generated: plans of the real provider against the lab, one for each thing that can happen to a
// guest. Run it by hand after a new provider version: node test/drift/record-plans.ts

const fixtures = join(root, "test/drift/generated");

const declared = `
vms = {
  web = { vm_id = 201, ipv4 = "127.10.0.20/8", memory_mb = 2048, disk_size_gb = 8, tags = ["web"], agent_timeout = "2s" }
}
containers = {
  dns = { vm_id = 203, ipv4 = "127.10.0.22/8", memory_mb = 512, auto_security_updates = true }
}
`;

/** What is done to the environment that was applied, by name of the fixture. */
const scenarios: Record<string, (environment: Change) => Promise<unknown>> = {
  "in-line": async () => undefined,
  "cores-by-hand": ({ control }) => control.config("web", { cores: 4 }),
  "memory-in-code": ({ edit }) => edit("memory_mb = 2048", "memory_mb = 3072"),
  both: async ({ control, edit }) => {
    await control.config("web", { cores: 4 });
    await edit("memory_mb = 2048", "memory_mb = 3072");
  },
  "equal-edit": async ({ control, edit }) => {
    await control.config("web", { cores: 4 });
    await edit("memory_mb = 2048", "memory_mb = 2048, cpu_cores = 4");
  },
  "agent-address": ({ forgetAddress }) => forgetAddress(),
  "agent-address-and-code": async ({ forgetAddress, edit }) => {
    await forgetAddress();
    await edit("memory_mb = 2048", "memory_mb = 3072");
  },
  "mac-by-hand": ({ control }) =>
    control.config("web", { net0: "virtio=BC:24:11:00:00:99,bridge=vmbr0,firewall=1" }),
  "output-only": ({ append }) => append('services = { x = { kind = "http", url = "http://127.10.0.20" } }\n'),
  "tags-by-hand": ({ control }) => control.config("web", { tags: "hand;web" }),
  "tags-by-hand-and-in-code": async ({ control, edit }) => {
    await control.config("web", { tags: "hand;web" });
    await edit('tags = ["web"]', 'tags = ["web", "code"]');
  },
  "stopped-by-hand": ({ control }) => control.stop("web"),
  "disk-grown-by-hand": ({ world }) => growDisk(world),
  "container-by-hand": ({ control }) => control.config("dns", { memory: 1024, description: "mine\n" }),
  "guest-deleted": ({ control }) => control.delete("web"),
  "container-deleted": ({ control }) => control.delete("dns"),
  "guest-in-code": ({ edit }) => edit("vms = {", 'vms = {\n  api = { vm_id = 202, ipv4 = "127.10.0.21/8" }'),
  "guest-out-of-code": ({ edit }) => edit("  dns = {", "  #dns = {"),
  "replaced-by-code": ({ edit }) => edit("auto_security_updates = true", "unprivileged = false"),
  "moved-in-code": async ({ edit, file }) => {
    await edit("  web =", "  www =");
    await file("moved.tf", 'moved {\n  from = module.vms["web"]\n  to   = module.vms["www"]\n}\n');
  },
};

/** As `qm resize` does it. */
async function growDisk(world: World): Promise<void> {
  const config = world.guests["201"]?.config;
  if (config === undefined) throw new Error("there is no guest 201");
  config.scsi0 = String(config.scsi0).replace(/size=\d+G/, "size=16G");
}

interface Change {
  world: World;
  control: LabEnvironments["control"];
  edit(from: string, to: string): Promise<void>;
  append(text: string): Promise<void>;
  file(name: string, content: string): Promise<void>;
  /** As if the agent had reported another address when the state was written. */
  forgetAddress(): Promise<void>;
}

const planSchema = z.looseObject({ terraform_version: z.string() });

/** What no verdict needs is left out: it is long, and variables may be private. */
const leftOut = ["planned_values", "variables", "relevant_attributes", "checks"];

async function record(): Promise<void> {
  const environment = await startLabEnvironments("terraform");
  try {
    const folder = environment.directory("prod");
    const variables = join(folder, "terraform.tfvars");
    const stateFile = join(folder, "terraform.tfstate");
    await environment.declare("prod", declared);
    await environment.run("prod", "init", "-input=false");
    await environment.run("prod", "apply", "-auto-approve", "-input=false");
    const restore = await environment.snapshot("prod");
    const change: Change = {
      world: environment.world,
      control: environment.control,
      edit: (from, to) => editFile(variables, from, to),
      append: async (text) => appendFileSync(variables, text),
      file: async (name, content) => writeFileSync(join(folder, name), content),
      forgetAddress: () =>
        editFile(stateFile, /("ipv4_addresses": \[[^\]]*\],\s*\[\s*)"127\.10\.0\.20"/, '$1"127.10.0.99"'),
    };
    mkdirSync(fixtures, { recursive: true });
    for (const [name, act] of Object.entries(scenarios)) {
      await act(change);
      await environment.run("prod", "plan", "-input=false", "-lock=false", "-out=recorded.tfplan");
      const plan = planSchema.parse(
        JSON.parse(await environment.run("prod", "show", "-json", "recorded.tfplan")),
      );
      for (const key of leftOut) delete plan[key];
      plan.configuration = trimmed(plan.configuration);
      const source = `recorded: Terraform ${plan.terraform_version}, bpg/proxmox ${providerProxmox.version} against the lab, ${today()}`;
      writeFileSync(join(fixtures, `${name}.json`), `${JSON.stringify({ source, plan })}\n`);
      process.stderr.write(`${name}\n`);
      await restore();
    }
  } finally {
    await environment.close();
  }
}

/** Of the configuration only what resources it has and how their attributes are given. */
function trimmed(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => trimmed(item));
  if (typeof value !== "object" || value === null || key === "expressions") return value;
  const kept = Object.entries(value).filter(
    ([name]) => !/^(provider_config|variables|outputs|.*_expression)$/.test(name),
  );
  return Object.fromEntries(kept.map(([name, inner]) => [name, trimmed(inner, name)]));
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

await record();
