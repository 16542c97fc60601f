import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { SeenRequest } from "../../lab/api/journal.ts";
import { root } from "../../tools/private-copy.ts";
import { type LabEnvironments, startLabEnvironments } from "../drift/lab-environments.ts";
import { type Desk, openDesk, type Ran } from "../e2e/cli.test-helper.ts";

/** A lab with our environments, and the command line set up for it as a user would. */
export interface ApplyDesk {
  lab: LabEnvironments;
  desk: Desk;
  /** Runs `pve-home …`; everything it prints is also kept in `printed`. */
  pveHome(...args: string[]): Promise<Ran>;
  /** Likewise, with a Ctrl-C (or several) once stderr says something. */
  interrupted(args: string[], when: RegExp, times: number): Promise<Ran>;
  printed: string[];
  /** What happened to a guest's power since the last call: `["shutdown", "start"]`. */
  powerCalls(...vmids: number[]): Promise<Record<number, string[]>>;
  close(): Promise<void>;
}

const main = join(root, "src/cli/main.ts");

export async function openApplyDesk(kind: "tofu" | "terraform" | "any" = "any"): Promise<ApplyDesk> {
  const lab = await startLabEnvironments(kind);
  const desk = openDesk();
  const environment = (name: string) => `  ${name}:
    directory: ${lab.directory(name)}
    tool: ${lab.tool.kind}
    program: ${lab.tool.path}
    cli_config: ${lab.env.TF_CLI_CONFIG_FILE}
`;
  desk.write("token", lab.monitorToken);
  desk.write("apply-token", lab.token);
  desk.write("key", `${lab.env.PROXMOX_VE_SSH_PRIVATE_KEY}\n`);
  desk.write(
    "pve-home.yaml",
    `environments:
${environment("prod")}${environment("lab")}proxmox:
  endpoint: ${lab.endpoint}
  api_token: file:token
  apply_token: file:apply-token
  tls: { ca_file: ${lab.caFile} }
ssh: { identity_file: key }
state_directory: state
`,
  );
  // Private copies go there, so that a test sees what is left of them.
  mkdirSync(desk.path("tmp"));
  const env = { TMPDIR: desk.path("tmp") };
  const printed: string[] = [];
  const kept = (ran: Ran) => {
    printed.push(ran.stdout, ran.stderr);
    return ran;
  };
  return {
    lab,
    desk,
    printed,
    pveHome: async (...args) => kept(await desk.run(args, { env })),
    interrupted: async (args, when, times) => kept(await runInterrupted(desk, args, env, when, times)),
    async powerCalls(...vmids) {
      const { requests } = await lab.control.requests();
      await lab.control.clearRequests();
      const calls = (vmid: number) => requests.flatMap((request) => powerCall(request, vmid) ?? []);
      return Object.fromEntries(vmids.map((vmid) => [vmid, calls(vmid)]));
    },
    async close() {
      desk.close();
      await lab.close();
    },
  };
}

function runInterrupted(
  desk: Desk,
  args: string[],
  env: Record<string, string>,
  when: RegExp,
  times: number,
): Promise<Ran> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: desk.folder,
      env: { PATH: process.env.PATH, HOME: desk.path("home"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr, sent] = ["", "", 0];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      // The second one only after the first was heard: signals that come together count as one.
      const heard = sent === 0 ? when.test(stderr) : /interrupted/.test(stderr);
      if (!heard || sent >= times) return;
      sent += 1;
      child.kill("SIGINT");
    });
    child.once("error", reject);
    child.once("close", (exitCode) =>
      resolve({ exitCode, stdout, stderr, durationMs: performance.now() - start }),
    );
  });
}

function powerCall({ method, path }: SeenRequest, vmid: number): string | undefined {
  const [, id, rest = ""] = /^\/api2\/json\/nodes\/[^/]+\/(?:qemu|lxc)\/(\d+)([^?]*)/.exec(path) ?? [];
  if (Number(id) !== vmid) return undefined;
  if (method === "DELETE" && /^\/?$/.test(rest)) return "delete";
  return method === "POST" ? /^\/status\/(\w+)$/.exec(rest)?.[1] : undefined;
}
