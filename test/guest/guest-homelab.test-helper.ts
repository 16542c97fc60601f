import { execFileSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { z } from "zod";
import { type LabFacts, type RunningLab, startLab } from "../../lab/lab.ts";
import { resolveGuestImage } from "../../tools/guest-image/resolve.ts";
import { root } from "../../tools/private-copy.ts";
import { runChild } from "../../tools/programs/child.ts";
import { resolveAllProviders, resolveTool } from "../../tools/programs/index.ts";
import { type Desk, openDesk, type Ran } from "../e2e/cli.test-helper.ts";

type Method = "GET" | "POST" | "PUT";
type Parameters = Record<string, string> | URLSearchParams;

/** A homelab whose guests are real machines: a desk with the environment `prod`, and the lab it is applied to. */
export interface GuestHomelab {
  desk: Desk;
  lab: RunningLab;
  pveHome(...args: string[]): Promise<Ran>;
  /** Calls Proxmox as its administrator; `data`. @throws Error for an answer that is none of success */
  call(method: Method, path: string, parameters?: Parameters): Promise<unknown>;
  /** Calls, and waits for the task. @throws Error where it fails */
  task(path: string, parameters?: Record<string, string>): Promise<void>;
  /** Runs shell text as root in a VM, through its agent. */
  inGuest(vmid: number, script: string): Promise<{ code: number; out: string; err: string }>;
  /** `ssh` with our key to `USER@ADDRESS`, its host key as it was trusted; for a shell. */
  sshCommand(login: string): string;
  /** Runs shell text over SSH; what it printed. @throws Error where that fails */
  ssh(login: string, script: string): Promise<string>;
  /** Waits until the agent answers and cloud-init is done. */
  booted(vmid: number): Promise<void>;
  close(): Promise<void>;
}

/** What cloud-init is to make of a VM: its user data, as the provider delivered it. */
export const userDataSchema = z.object({
  packages: z.array(z.string()),
  write_files: z.array(
    z.object({ path: z.string(), content: z.string(), permissions: z.string(), owner: z.string() }),
  ),
  runcmd: z.array(z.string()),
});

export function userDataOf({ lab }: GuestHomelab, name: string): z.infer<typeof userDataSchema> {
  const file = join(lab.facts.directory, "storage/local/snippets", `prod-${name}-user-data.yaml`);
  return userDataSchema.parse(parse(readFileSync(file, "utf8")));
}

/** @param guests of the environment `prod`, as in terraform.tfvars */
export async function openGuestHomelab(guests: string): Promise<GuestHomelab> {
  const machines = await resolveGuestImage();
  const tool = await resolveTool("any");
  const { cliConfig } = await resolveAllProviders();
  const desk = openDesk();
  cpSync(join(root, "infrastructure"), desk.path("infrastructure"), {
    recursive: true,
    filter: (source) => !/\.terraform|\.tfstate|terraform\.tfvars$/.test(source),
  });
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", desk.path("key")]);
  const key = readFileSync(desk.path("key.pub"), "utf8").trim();
  const lab = await startLab({ taskSeconds: 0, machines, authorizedKeys: [key], log: console.error });
  const { facts } = lab;
  desk.write("infrastructure/proxmox/environments/prod/terraform.tfvars", variables(facts, key) + guests);
  desk.write("token", facts.tokens.monitor);
  desk.write("apply-token", facts.tokens.terraform);
  desk.write(
    "pve-home.yaml",
    `environments:
  prod:
    directory: infrastructure/proxmox/environments/prod
    tool: ${tool.kind}
    program: ${tool.path}
    cli_config: ${cliConfig}
proxmox:
  endpoint: ${facts.endpoint}
  api_token: file:token
  apply_token: file:apply-token
  tls: { ca_file: ${facts.caFile} }
ssh:
  identity_file: key
  config: none
  nodes: { ${facts.ssh.nodes.map(({ name, address, port, hostKey }) => `${name}: { address: ${address}, port: ${port}, host_key: "${hostKey}" }`).join(", ")} }
metrics: { directory: metrics }
# An emulated processor takes its time.
health: { timeout: 60, boot_grace: 5 }
state_directory: state
`,
  );
  const call = caller(facts);
  const homelab: GuestHomelab = {
    desk,
    lab,
    call,
    pveHome: (...args) => desk.run(args),
    async task(path, parameters) {
      const upid = encodeURIComponent(String(await call("POST", path, parameters)));
      for (;;) {
        const { status, exitstatus } = z
          .object({ status: z.string(), exitstatus: z.string().optional() })
          .parse(await call("GET", `nodes/pve1/tasks/${upid}/status`));
        if (exitstatus === "OK") return;
        if (status === "stopped") throw new Error(`${path}: ${exitstatus}`);
        await sleep(200);
      }
    },
    async inGuest(vmid, script) {
      const agent = `nodes/pve1/qemu/${vmid}/agent`;
      const body = new URLSearchParams();
      for (const word of ["/bin/sh", "-c", script]) body.append("command", word);
      const { pid } = z.object({ pid: z.number() }).parse(await call("POST", `${agent}/exec`, body));
      for (;;) {
        const status = execStatus.parse(await call("GET", `${agent}/exec-status?pid=${pid}`));
        if (status.exited !== 1) await sleep(200);
        else return { code: status.exitcode ?? 255, out: status["out-data"], err: status["err-data"] };
      }
    },
    sshCommand: (login) => ["ssh", ...sshOptions(desk), login].join(" "),
    async ssh(login, script) {
      const { code, output } = await runChild("ssh", [...sshOptions(desk), login, script]);
      if (code !== 0) throw new Error(`ssh ended with ${code}: ${output}`);
      return output;
    },
    async booted(vmid) {
      const answers = () =>
        call("POST", `nodes/pve1/qemu/${vmid}/agent/ping`).then(
          () => true,
          () => false,
        );
      while (!(await answers())) await sleep(500);
      await homelab.inGuest(vmid, "cloud-init status --wait");
    },
    async close() {
      await lab.close();
      desk.close();
    },
  };
  return homelab;
}

function sshOptions(desk: Desk): string[] {
  const known = `UserKnownHostsFile=${desk.path("state/known_hosts")}`;
  return ["-F", "none", "-i", desk.path("key"), "-o", known, "-o", "BatchMode=yes", "-o", "LogLevel=ERROR"];
}

const execStatus = z.object({
  exited: z.number(),
  exitcode: z.number().optional(),
  "out-data": z.string().default(""),
  "err-data": z.string().default(""),
});

const variables = ({ ssh, apis }: LabFacts, key: string) => `node_name = "pve1"
datastore_id = "local-lvm"
image_url    = "https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2"
container_template_file_id = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
container_os_type = "debian"
gateway  = "192.168.1.1"
ssh_user = "ops"
ssh_keys = ["${key}"]
node_ssh = {
  username = "root"
  nodes    = { ${ssh.nodes.map(({ name, address, port }) => `${name} = { address = "${address}", port = ${port} }`).join(", ")} }
}
nodes = { ${apis.map(({ node, endpoint }) => `${node} = { api_port = ${new URL(endpoint).port} }`).join(", ")} }
`;

function caller({ endpoint, tokens, caFile }: LabFacts) {
  const ca = readFileSync(caFile);
  return (method: Method, path: string, parameters: Parameters = {}): Promise<unknown> => {
    const headers = {
      Authorization: `PVEAPIToken=${tokens.terraform}`,
      "Content-Type": "application/x-www-form-urlencoded",
    };
    const url = new URL(`api2/json/${path}`, endpoint);
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, ca, headers, agent: false }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        response.on("end", () => {
          if (response.statusCode === 200) resolve(JSON.parse(body).data);
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${response.statusMessage}`));
        });
      });
      sent.on("error", reject);
      sent.end(method !== "GET" ? String(new URLSearchParams(parameters)) : undefined);
    });
  };
}
