import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LabFacts } from "../../lab/lab.ts";
import type { Tool } from "../../tools/programs/index.ts";

const root = join(import.meta.dirname, "../..");

/** The demo's folder: everything it makes is below, the user's own folders and HOME are not touched. */
export interface Stage {
  folder: string;
  home: string;
  lab: string;
  config: string;
  metrics: string;
  report: string;
  /** A key pair for the guests and nodes: `key`, `key.pub`. */
  key: string;
  environment(name: "prod" | "lab"): string;
}

/** An empty stage in the folder; what an earlier demo left there is removed. */
export function setStage(folder: string): Stage {
  rmSync(folder, { recursive: true, force: true });
  const stage: Stage = {
    folder,
    home: join(folder, "home"),
    lab: join(folder, "lab"),
    config: join(folder, "pve-home.yaml"),
    metrics: join(folder, "metrics"),
    report: join(folder, "report.html"),
    key: join(folder, "key"),
    environment: (name) => join(folder, "infrastructure/proxmox/environments", name),
  };
  mkdirSync(stage.home, { recursive: true, mode: 0o700 });
  cpSync(join(root, "infrastructure"), join(folder, "infrastructure"), {
    recursive: true,
    filter: (source) => !/\.terraform|\.tfstate|terraform\.tfvars$/.test(source),
  });
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "demo", "-f", stage.key]);
  return stage;
}

/** Writes what a user writes: terraform.tfvars of both environments, and pve-home.yaml. */
export function declare(stage: Stage, facts: LabFacts, tool: Tool, cliConfig: string): void {
  const key = readFileSync(`${stage.key}.pub`, "utf8").trim();
  const common = `node_name                  = "pve1"
datastore_id               = "local-lvm"
template_vmid              = 9000
container_template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
container_os_type          = "debian"
ssh_keys                   = ["${key}"]
ssh_port                   = ${facts.ssh.guestPort}
node_ssh = {
  username = "root"
  nodes    = { ${facts.ssh.nodes.map(({ name, address, port }) => `${name} = { address = "${address}", port = ${port} }`).join(", ")} }
}
nodes = { ${facts.apis.map(({ node, endpoint }) => `${node} = { api_port = ${new URL(endpoint).port} }`).join(", ")} }
`;
  writeFileSync(
    join(stage.environment("prod"), "terraform.tfvars"),
    `${common}
vms = {
  web = { vm_id = 201, ipv4 = "127.31.0.11/8", memory_mb = 2048, disk_size_gb = 20, docker = true }
  db  = { vm_id = 202, ipv4 = "127.31.0.12/8", memory_mb = 4096, disk_size_gb = 20 }
}
containers = {
  dns = { vm_id = 203, ipv4 = "127.31.0.13/8", memory_mb = 512, disk_size_gb = 8 }
}
services = {
  site = { kind = "http", guest = "web", url = "http://127.31.0.11:8080", health_path = "/" }
  wiki = { kind = "http", guest = "db", url = "http://127.31.0.12:8080", health_path = "/" }
}
`,
  );
  writeFileSync(
    join(stage.environment("lab"), "terraform.tfvars"),
    `${common}
vms = {
  sandbox = { vm_id = 301, ipv4 = "127.31.1.11/8", memory_mb = 1024, disk_size_gb = 20 }
}
containers = {
  scratch = { vm_id = 302, ipv4 = "127.31.1.12/8", memory_mb = 256, disk_size_gb = 4 }
}
`,
  );
  writeFileSync(join(stage.folder, "token"), `${facts.tokens.monitor}\n`, { mode: 0o600 });
  writeFileSync(join(stage.folder, "apply-token"), `${facts.tokens.terraform}\n`, { mode: 0o600 });
  writeFileSync(stage.config, configText(facts, tool, cliConfig));
}

/** Paths are relative to the file, as a user would write them. */
function configText(facts: LabFacts, tool: Tool, cliConfig: string): string {
  const environment = (name: string) => `  ${name}:
    directory: infrastructure/proxmox/environments/${name}
    tool: ${tool.kind}
    program: ${tool.path}
    cli_config: ${cliConfig}
`;
  const nodes = facts.ssh.nodes.map(
    ({ name, address, port, hostKey }) =>
      `    ${name}: { address: ${address}, port: ${port}, host_key: "${hostKey}" }\n`,
  );
  return `environments:
${environment("prod")}${environment("lab")}proxmox:
  endpoint: ${facts.endpoint}
  api_token: file:token
  apply_token: file:apply-token
  tls: { ca_file: ${facts.caFile} }
ssh:
  identity_file: key
  config: none
  nodes:
${nodes.join("")}metrics: { directory: metrics }
health: { boot_grace: 5 } # The lab's guests boot in a second.
drift: { report_directory: reports }
state_directory: state
`;
}
