import { existsSync } from "node:fs";
import { join } from "node:path";
import { controlClient, readLabFacts } from "../../lab/control-client.ts";
import { generateHostKey } from "../../lab/host-key.ts";
import type { LabFacts } from "../../lab/lab.ts";
import { LabError } from "../../lab/lab-error.ts";
import { checkListenAddress } from "../../lab/listen-address.ts";
import { makeFolder, writeFileAtomic } from "../connect/files.ts";
import { type Inventory, inventorySchema } from "../model/inventory.ts";
import { jsonText } from "../model/json.ts";
import { messageOf, Problem } from "../model/problem.ts";
import { Secret } from "../model/secret.ts";
import type { Io } from "./io.ts";
import { asProblem } from "./lab-problem.ts";
import { down } from "./lab-run.ts";
import { startDetached } from "./lab-up.ts";

/** The simulated Proxmox VE of a stack, as containers reach it. */
export interface LabOfStack {
  inventory: Inventory;
  /** May read everything. */
  token: Secret;
  /** PEM. */
  authority: string;
  /** With which health checks it. */
  configuration: string;
}

const guests = 4;

/**
 * The lab that runs in the folder, else a new one with a few guests, listening at `gateway` too. Problems: those of
 * `lab up`, `lab-no-gateway`, and `lab-not-reachable` where one runs that containers do not reach.
 */
export async function labOfStack(io: Io, folder: string, gateway: string | undefined): Promise<LabOfStack> {
  if (gateway === undefined) throw noGateway("no address is known");
  await checkListenAddress(gateway).catch((error: unknown) => {
    throw noGateway(messageOf(error));
  });
  makeFolder(folder);
  const key = join(folder, "key");
  if (!existsSync(key)) {
    const pair = generateHostKey();
    writeFileAtomic(key, Buffer.from(pair.privateKey), 0o600);
    writeFileAtomic(`${key}.pub`, `${pair.publicKey}\n`);
  }
  const facts = (await running(folder)) ?? (await started(io, folder, gateway, `${key}.pub`));
  if (!facts.addresses.includes(gateway)) {
    throw new Problem({
      kind: "usage",
      code: "lab-not-reachable",
      message: `the lab in ${folder} listens at ${facts.addresses.join(", ")}, and containers reach this machine at ${gateway}`,
      hint: `pve-home lab down --dir ${folder}, then try again`,
    });
  }
  const control = controlClient(facts);
  const seen = inventorySchema.parse(await asProblem(() => control.inventory("lab")));
  const configuration = writeConfiguration(folder, facts, seen);
  const nodes = seen.nodes.map((node) => ({ ...node, address: gateway }));
  return {
    inventory: { ...seen, nodes },
    token: new Secret(facts.tokens.exporter),
    authority: facts.caFile,
    configuration,
  };
}

function noGateway(why: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "lab-no-gateway",
    message: `containers have no way to this machine, where the simulated Proxmox VE listens: ${why}`,
    hint: "Docker Desktop runs containers on a machine of its own: use Docker on Linux",
  });
}

/** Stops the lab that runs in the folder, if one does. */
export async function stopLabOfStack(io: Io, folder: string): Promise<void> {
  if ((await running(folder)) !== undefined) await down({ ...io, out: io.log }, { dir: folder });
}

async function running(folder: string): Promise<LabFacts | undefined> {
  try {
    return await asProblem(() => readLabFacts(folder));
  } catch (error) {
    if (error instanceof Problem && error.cause instanceof LabError && error.cause.code === "not-running")
      return undefined;
    throw error;
  }
}

async function started(io: Io, folder: string, gateway: string, publicKey: string): Promise<LabFacts> {
  io.log(`starting a simulated Proxmox VE in ${folder}`);
  const [script = ""] = process.argv.slice(1);
  const listening = ["--port", "0", "--ssh-port", "0", "--listen", gateway];
  const content = ["--guests", String(guests), "--authorize", publicKey];
  const args = [script, "lab", "up", "--dir", folder, ...listening, ...content];
  const facts = await startDetached(io, folder, args);
  if (facts !== undefined) return facts;
  throw new Problem({
    kind: "undetermined",
    code: "lab-not-started",
    message: `the lab did not start in ${folder}`,
    hint: `pve-home lab up --dir ${folder} --listen ${gateway}`,
  });
}

/** A configuration for every command that is to look at the lab, its secrets beside it. */
function writeConfiguration(folder: string, facts: LabFacts, inventory: Inventory): string {
  const file = join(folder, "pve-home.yaml");
  writeFileAtomic(join(folder, "inventory.json"), jsonText(inventory, 2));
  writeFileAtomic(join(folder, "monitor-token"), Buffer.from(facts.tokens.monitor), 0o600);
  const nodes = facts.ssh.nodes.map(({ name, address, port, hostKey }) => [
    name,
    { address, port, host_key: hostKey },
  ]);
  const settings = {
    environments: { lab: { inventory: "inventory.json" } },
    proxmox: { endpoint: facts.endpoint, api_token: "file:monitor-token", tls: { ca_file: facts.caFile } },
    ssh: { identity_file: "key", config: "none", nodes: Object.fromEntries(nodes) },
    metrics: { directory: "../metrics" },
    state_directory: "state",
  };
  // JSON is YAML.
  writeFileAtomic(file, `${jsonText(settings, 2)}\n`);
  return file;
}
