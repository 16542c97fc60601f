import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ControlClient, controlClient } from "../../lab/control-client.ts";
import { generateHostKey } from "../../lab/host-key.ts";
import { startLab } from "../../lab/lab.ts";
import type { World } from "../../lab/world.ts";
import { root } from "../../tools/private-copy.ts";
import { runChild } from "../../tools/programs/child.ts";
import { resolveProviders, resolveTool, type Tool, toolEnvironment } from "../../tools/programs/index.ts";

/** A lab with copies of our environments, to apply with the real provider. */
export interface LabEnvironments {
  control: ControlClient;
  /** Live. */
  world: World;
  tool: Tool;
  /** Environment of every Terraform that is run; holds the lab's token. */
  env: Record<string, string>;
  endpoint: string;
  token: string;
  /** May only read. */
  monitorToken: string;
  caFile: string;
  /** Folder of an environment. */
  directory(name: string): string;
  /** Writes `terraform.tfvars`, with the lab's node, template and network in it. */
  declare(name: string, guests: string): Promise<void>;
  /** Remembers the lab and these environments' files; what it returns puts everything back as it was. */
  snapshot(...names: string[]): Promise<() => Promise<void>>;
  /** Runs the tool in an environment's folder; its stdout. Throws with what it said where it fails. */
  run(name: string, ...args: string[]): Promise<string>;
  close(): Promise<void>;
}

const common = (port: number) => `
node_ssh                   = { username = "root", nodes = { pve1 = { address = "127.0.0.1", port = ${port} } } }
node_name                  = "pve1"
template_vmid              = 9000
container_template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
container_os_type          = "debian"
ssh_keys                   = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLE you@laptop"]
`;

export interface LabTimes {
  /** The provider asks about a task at once, and then each second; test/lab/provider.test.ts shows it waiting. */
  taskSeconds?: number;
}

export async function startLabEnvironments(
  kind: "tofu" | "terraform" | "any" = "any",
  { taskSeconds = 0 }: LabTimes = {},
): Promise<LabEnvironments> {
  const tool = await resolveTool(kind);
  const { cliConfig } = await resolveProviders(["bpg/proxmox"]);
  const folder = await mkdtemp(join(tmpdir(), "pve-home-drift-"));
  await cp(join(root, "infrastructure"), join(folder, "infrastructure"), {
    recursive: true,
    filter: (path) => !/\/\.terraform|\.tfstate|terraform\.tfvars$/.test(path),
  });
  const home = join(folder, "home");
  await mkdir(home);
  // For the snippets, which the provider puts on the node by SFTP.
  const key = generateHostKey();
  const lab = await startLab({ taskSeconds, sshPort: 0, authorizedKeys: [key.publicKey] });
  const port = lab.facts.ssh.nodes[0]?.port ?? 22;
  const env: Record<string, string> = {
    ...definedOf(toolEnvironment(cliConfig, home)),
    PROXMOX_VE_ENDPOINT: lab.facts.endpoint,
    PROXMOX_VE_API_TOKEN: lab.facts.tokens.terraform,
    PROXMOX_VE_SSH_PRIVATE_KEY: key.privateKey,
    SSL_CERT_FILE: lab.facts.caFile,
  };
  const directory = (name: string) => join(folder, "infrastructure/proxmox/environments", name);
  return {
    control: controlClient(lab.facts),
    world: lab.world,
    tool,
    env,
    endpoint: lab.facts.endpoint,
    token: lab.facts.tokens.terraform,
    monitorToken: lab.facts.tokens.monitor,
    caFile: lab.facts.caFile,
    directory,
    declare: (name, guests) => writeFile(join(directory(name), "terraform.tfvars"), common(port) + guests),
    async run(name, ...args) {
      const result = await runChild(tool.path, args, { cwd: directory(name), env });
      if (result.code !== 0)
        throw new Error(`${tool.kind} ${args.join(" ")} exited ${result.code}: ${result.output}`);
      return result.stdout;
    },
    async snapshot(...names) {
      const world = structuredClone(lab.world);
      const kept = join(folder, "kept");
      for (const name of names) await cp(directory(name), join(kept, name), { recursive: true });
      return async () => {
        // Those of a Terraform that was killed would end in the world that is put back.
        lab.forgetTasks();
        Object.assign(lab.world, structuredClone(world));
        for (const name of names) {
          await rm(directory(name), { recursive: true });
          await cp(join(kept, name), directory(name), { recursive: true });
        }
      };
    },
    async close() {
      await lab.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Changes a file by replacing a text that must be in it, with a text or with what is made of what was found. */
export async function editFile(
  file: string,
  from: string | RegExp,
  to: string | ((found: string) => string),
): Promise<void> {
  const before = await readFile(file, "utf8");
  const after = typeof to === "string" ? before.replace(from, to) : before.replace(from, to);
  if (after === before) throw new Error(`${file} does not contain ${from}`);
  await writeFile(file, after);
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
