import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveAllProviders } from "../../tools/programs/index.ts";
import { type LabEnvironments, startLabEnvironments } from "../drift/lab-environments.ts";
import { measured } from "./measured.ts";
import type { Row } from "./row.ts";

const launcher = join(import.meta.dirname, "../../pve-home");
const guests = {
  prod: `vms = { web = { vm_id = 201, ipv4 = "127.10.0.20/8" } }\n`,
  lab: `vms = { sandbox = { vm_id = 301, ipv4 = "127.10.0.30/8" } }\n`,
  monitoring: `vm_id = 251\nipv4 = "127.10.0.51/8"\ndatastore_id = "local-lvm"\nsnippets = false\n`,
};
const names = Object.keys(guests) as (keyof typeof guests)[];

/** Private copies, the plans' JSON, the verdicts and the questions to Proxmox, beside the plans that have to be. */
export const driftEnvironments: Row = {
  name: "drift-environments",
  ours: "pve-home drift --all, three environments",
  floor: "three bare plans, started together",
  target: 1.05,
  rounds: 5,
  async measure() {
    homelab ??= await open();
    const { lab, folder } = homelab;
    const plans = names.map(
      (name) =>
        `(cd '${lab.directory(name)}' && '${lab.tool.path}' plan -input=false -lock=false -detailed-exitcode) &`,
    );
    const floor = await measured(folder, "bash", ["-c", `${plans.join("\n")}\nwait`], lab.env);
    if (floor.stdout.match(/No changes/g)?.length !== names.length) throw new Error(floor.stdout);
    const ours = await measured(folder, launcher, ["drift", "--all"], lab.env);
    if (!ours.stdout.includes("as declared")) throw new Error(ours.stdout + ours.stderr);
    return { floor: floor.seconds * 1000, ours: ours.seconds * 1000 };
  },
  async close() {
    await homelab?.lab.close();
    if (homelab !== undefined) rmSync(homelab.folder, { recursive: true });
  },
};

let homelab: { lab: LabEnvironments; folder: string } | undefined;

async function open() {
  const lab = await startLabEnvironments("any");
  lab.env.TF_CLI_CONFIG_FILE = (await resolveAllProviders()).cliConfig;
  const folder = await mkdtemp(join(tmpdir(), "bench-drift-"));
  for (const name of names) {
    await lab.declare(name, guests[name]);
    await lab.run(name, "init", "-input=false");
    await lab.run(name, "apply", "-auto-approve", "-input=false");
  }
  const environments = names.map(
    (name) =>
      `  ${name}: { directory: ${lab.directory(name)}, tool: ${lab.tool.kind}, program: ${lab.tool.path}, cli_config: ${lab.env.TF_CLI_CONFIG_FILE} }\n`,
  );
  await writeFile(join(folder, "token"), lab.monitorToken, { mode: 0o600 });
  await writeFile(
    join(folder, "pve-home.yaml"),
    `environments:\n${environments.join("")}proxmox: { endpoint: "${lab.endpoint}", api_token: file:token, tls: { ca_file: ${lab.caFile} } }
metrics: { directory: . }
state_directory: state
`,
  );
  return { lab, folder };
}
