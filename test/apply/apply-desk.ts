import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { z } from "zod";
import type { SeenRequest } from "../../lab/api/journal.ts";
import { planDocumentSchema } from "../../src/report/json-schema.ts";
import { root } from "../../tools/private-copy.ts";
import { type LabEnvironments, startLabEnvironments } from "../drift/lab-environments.ts";
import { type Desk, openDesk, type Ran } from "../e2e/cli.test-helper.ts";

/** A lab with our environments, and the command line set up for it as a user would. */
export interface ApplyDesk {
  lab: LabEnvironments;
  desk: Desk;
  /** Runs `pve-home …`; everything it prints is also kept in `printed`. */
  pveHome(...args: string[]): Promise<Ran>;
  /** What `pve-home plan --json` says of an environment. */
  plan(environment: string): Promise<PlannedEnvironment>;
  /** Runs `pve-home …` likewise, with a Ctrl-C once the lab makes a clone, and with a second one once the first was heard. */
  interrupted(args: string[], times: 1 | 2): Promise<Ran>;
  printed: string[];
  /** What happened to a guest's power since the last call: `["shutdown", "start"]`. */
  powerCalls(...vmids: number[]): Promise<Record<number, string[]>>;
  close(): Promise<void>;
}

export type PlannedEnvironment = z.infer<typeof planDocumentSchema>["environments"][number];

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
  const env = { TMPDIR: desk.path("tmp") };
  const printed: string[] = [];
  const kept = (ran: Ran) => {
    printed.push(ran.stdout, ran.stderr);
    return ran;
  };
  const pveHome = async (...args: string[]) => kept(await desk.run(args, { env }));
  return {
    lab,
    desk,
    printed,
    pveHome,
    plan: async (name) => {
      const { stdout, exitCode, stderr } = await pveHome("plan", "--env", name, "--json");
      if (exitCode !== 0) throw new Error(stderr);
      const [planned] = planDocumentSchema.parse(JSON.parse(stdout)).environments;
      if (planned === undefined) throw new Error("nothing was planned");
      return planned;
    },
    interrupted: async (args, times) => {
      await lab.control.clearRequests();
      return kept(await runInterrupted(desk, args, env, () => cloning(lab), times));
    },
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
  ready: () => Promise<boolean>,
  times: 1 | 2,
): Promise<Ran> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: desk.folder,
      env: { PATH: process.env.PATH, HOME: desk.path("home"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    let again = times === 2;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      // Signals that come together count as one.
      if (again && stderr.includes("interrupted")) again = !child.kill("SIGINT");
    });
    const first = async () => {
      while (child.exitCode === null && !(await ready())) await setTimeout(20);
      child.kill("SIGINT");
    };
    first().catch(reject);
    child.once("error", reject);
    child.once("close", (exitCode) =>
      resolve({ exitCode, stdout, stderr, durationMs: performance.now() - start }),
    );
  });
}

async function cloning({ control }: LabEnvironments): Promise<boolean> {
  const { requests } = await control.requests();
  return requests.some(({ method, path }) => method === "POST" && path.endsWith("/clone"));
}

function powerCall({ method, path }: SeenRequest, vmid: number): string | undefined {
  const [, id, rest = ""] = /^\/api2\/json\/nodes\/[^/]+\/(?:qemu|lxc)\/(\d+)([^?]*)/.exec(path) ?? [];
  if (Number(id) !== vmid) return undefined;
  if (method === "DELETE" && /^\/?$/.test(rest)) return "delete";
  return method === "POST" ? /^\/status\/(\w+)$/.exec(rest)?.[1] : undefined;
}
