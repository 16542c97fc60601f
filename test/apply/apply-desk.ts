import type { z } from "zod";
import type { SeenRequest } from "../../lab/api/journal.ts";
import { planDocumentSchema } from "../../src/report/json-schema.ts";
import { type LabEnvironments, type LabTimes, startLabEnvironments } from "../drift/lab-environments.ts";
import { type Desk, openDesk, type Ran, type Started } from "../e2e/cli.test-helper.ts";

/** A lab with our environments, and the command line set up for it as a user would. */
export interface ApplyDesk {
  lab: LabEnvironments;
  desk: Desk;
  /** Begins `pve-home …`. */
  start(args: readonly string[], on?: "terminal"): Started;
  /** Runs `pve-home …`. */
  pveHome(...args: string[]): Promise<Ran>;
  /** What `pve-home plan --json` says of an environment. */
  plan(environment: string): Promise<PlannedEnvironment>;
  /**
   * Runs `pve-home …` likewise, with a Ctrl-C once the lab was asked to make two guests. Once `said` is on stderr, presses
   * it again, or does what is given.
   */
  interrupted(args: string[], said: string, then: "again" | (() => Promise<unknown>)): Promise<Ran>;
  /** What happened to a guest's power since the last call: `["shutdown", "start"]`. */
  powerCalls(...vmids: number[]): Promise<Record<number, string[]>>;
  close(): Promise<void>;
}

export type PlannedEnvironment = z.infer<typeof planDocumentSchema>["environments"][number];

export async function openApplyDesk(
  kind: "tofu" | "terraform" | "any" = "any",
  options: LabTimes = {},
): Promise<ApplyDesk> {
  const lab = await startLabEnvironments(kind, options);
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
  const pveHome = (...args: string[]) => desk.run(args, { env });
  return {
    lab,
    desk,
    pveHome,
    start: (args, on) => desk.start(args, env, on),
    plan: async (name) => {
      const { stdout, exitCode, stderr } = await pveHome("plan", "--env", name, "--json");
      if (exitCode !== 0) throw new Error(stderr);
      const [planned] = planDocumentSchema.parse(JSON.parse(stdout)).environments;
      if (planned === undefined) throw new Error("nothing was planned");
      return planned;
    },
    async interrupted(args, said, then) {
      await lab.control.clearRequests();
      const started = desk.start(args, env);
      await started.until(() => makingTwo(lab));
      started.interrupt();
      await started.until(() => started.said().includes(said));
      // Signals that come together count as one.
      if (then === "again") started.interrupt();
      else await then();
      return started.done;
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

async function makingTwo({ control }: LabEnvironments): Promise<boolean> {
  const { requests } = await control.requests();
  const making = ({ method, path }: SeenRequest) => method === "POST" && /\/(clone|lxc)$/.test(path);
  return requests.filter(making).length === 2;
}

function powerCall({ method, path }: SeenRequest, vmid: number): string | undefined {
  const [, id, rest = ""] = /^\/api2\/json\/nodes\/[^/]+\/(?:qemu|lxc)\/(\d+)([^?]*)/.exec(path) ?? [];
  if (Number(id) !== vmid) return undefined;
  if (method === "DELETE" && /^\/?$/.test(rest)) return "delete";
  return method === "POST" ? /^\/status\/(\w+)$/.exec(rest)?.[1] : undefined;
}
