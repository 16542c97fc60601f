import { chmodSync, cpSync, mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";
import { root } from "../../tools/private-copy.ts";
import { resolveTool } from "../../tools/programs/index.ts";
import { type Desk, openDesk } from "./cli.test-helper.ts";

/** The environment monitoring as a user has it, with a tool that computes it, and an inventory of prod. */
export async function openStackDesk(tfvars = ""): Promise<Desk> {
  const desk = openDesk();
  onTestFinished(desk.close);
  const tool = await resolveTool("any");
  const infrastructure = join(root, "infrastructure/proxmox");
  const monitoring = desk.path("infrastructure/proxmox/environments/monitoring");
  mkdirSync(join(monitoring, ".."), { recursive: true });
  cpSync(join(infrastructure, "environments/monitoring"), monitoring, {
    recursive: true,
    filter: (file) => !/\.terraform|\.tfstate|tests$/.test(file),
  });
  symlinkSync(join(infrastructure, "modules"), desk.path("infrastructure/proxmox/modules"));
  if (tfvars !== "") desk.write("infrastructure/proxmox/environments/monitoring/terraform.tfvars", tfvars);
  desk.write("prod.json", prod);
  desk.write("pve-home.yaml", {
    environments: {
      monitoring: { tool: tool.kind, program: tool.path },
      prod: { inventory: "prod.json", directory: "infrastructure/proxmox/environments/prod" },
    },
    state_directory: "state",
    stack: { secrets: { "pve-exporter.yml": "file:pve-exporter.yml" } },
  });
  desk.write("pve-exporter.yml", "default: { user: exporter@pve }");
  return desk;
}

const guest = {
  ssh_user: "debian",
  ssh_port: 22,
  docker: true,
  agent: true,
  log_agent: "promtail",
  started: true,
  on_boot: true,
};

export const prod = {
  schema_version: 2,
  environment: "prod",
  domain: null,
  nodes: [{ name: "pve1", address: "192.168.1.50", api_port: 8006, node_exporter: false }],
  guests: [
    {
      ...guest,
      name: "web",
      type: "vm",
      vmid: 201,
      node: "pve1",
      address: "192.168.1.20",
      node_exporter: true,
      tags: [],
    },
  ],
  services: [
    {
      ...{
        name: "wiki",
        kind: "http",
        guest: "web",
        url: "http://192.168.1.20:8080",
        health_path: "/healthz",
      },
      ...{ host: "wiki", port: 8080, scrape: null, monitor: true },
    },
  ],
};

/**
 * A folder for PATH with a program `docker` that answers as these shell lines say: `$*` is what it was called with. It is
 * for what goes wrong before anything is started; what is started, the tests of the stack start with Docker itself.
 */
export function fakeDocker(desk: Desk, cases: readonly string[]): Record<string, string> {
  const usual = [
    `'version --format {{json .}}') echo '{"Server":{"Version":"28.2.2"}}' ;;`,
    "'compose version --short') echo 2.40.3 ;;",
    `'info --format {{json .}}') echo '{"SecurityOptions":["name=seccomp,profile=builtin"],"OperatingSystem":"Debian"}' ;;`,
    "'context inspect'*) echo unix:///var/run/docker.sock ;;",
    `'network inspect bridge'*) echo '[{"Subnet":"127.0.0.0/16","Gateway":"127.0.0.1"}]' ;;`,
    "'ps --all'*) ;;",
  ];
  const script = `#!/bin/sh\ncase "$*" in\n${[...cases, ...usual].join("\n")}\n*) echo "called with $*" >&2; exit 64 ;;\nesac\n`;
  const file = desk.write("bin/docker", script);
  chmodSync(file, 0o755);
  return { PATH: [desk.path("bin"), "/usr/bin", "/bin"].join(delimiter) };
}
