import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import type { DockerEngine } from "../connect/docker/engine.ts";
import { ownAuthority } from "../connect/proxmox/trust-bundle.ts";
import type { ProxmoxConnection } from "../connect/proxmox/types.ts";
import { readTextFile } from "../connect/read-file.ts";
import { type Configuration, settingPlace } from "../homelab/configuration.ts";
import { metricsDirectory } from "../homelab/metrics-directory.ts";
import { proxmoxAccess } from "../homelab/proxmox-access.ts";
import { resolveSecret } from "../homelab/secret-reference.ts";
import type { Inventory } from "../model/inventory.ts";
import { isProblem, Problem } from "../model/problem.ts";
import type { GivenVariables } from "../stack/render.ts";
import type { StackSecrets } from "../stack/rendered.ts";
import { pveExporterFile, type SecretsToPlace } from "../stack/secrets.ts";
import { declaredInventories } from "./inventories.ts";
import type { Io } from "./io.ts";
import type { UpFlags } from "./stack.ts";
import { labFolder } from "./stack-place.ts";

/** What a stack on this machine watches, and with which secrets. */
export interface Watched {
  given: GivenVariables;
  /** The folder of node-exporter's textfile collector. */
  metrics: string;
  secrets(wanted: StackSecrets): Promise<SecretsToPlace["given"]>;
  secretPlace(name: string): string;
  /** Writes first metrics into that folder. */
  check(): Promise<void>;
  words: string[];
}

const here = { hostname: hostname(), ip_address: "127.0.0.1" };

/** What the inventories of all environments declare, on the Proxmox of the configuration. */
export async function watchedHomelab(
  io: Io,
  configuration: Configuration,
  folder: string,
  flags: UpFlags,
): Promise<Watched> {
  const { secrets: references } = configuration.settings.stack;
  const secretPlace = (name: string) => settingPlace(configuration, `stack.secrets.${name}`);
  const inventories = await declaredInventories(io, flags);
  const reached = await reachableProxmox(io, configuration, "pve-exporter.yml" in references);
  // pve-exporter calls whatever host it is asked for: it trusts Proxmox alone, where that has an authority of its own.
  const authority = reached === undefined ? undefined : await ownAuthority(reached);
  const metrics = metricsDirectory(configuration, io.cwd, undefined);
  const own = join(folder, "metrics");
  return {
    given: {
      ...here,
      inventories,
      pve_nodes: reached === undefined ? {} : unnamedNodes(reached, inventories),
      pve_ca: authority !== undefined || "pve-ca.pem" in references,
      pve_verify_ssl: reached?.tls.kind !== "off",
    },
    metrics: metrics ?? own,
    async secrets(wanted) {
      const given = Object.entries(references).map(async ([name, reference]) => {
        if (wanted[name] === undefined) throw unknownSecret(name, secretPlace(name), wanted);
        const context = { place: secretPlace(name), folder: configuration.folder, environment: io.env };
        return [name, await resolveSecret(reference, context)] as const;
      });
      const settings = wanted["pve-exporter.yml"]?.settings ?? {};
      return {
        ...(reached === undefined ? {} : { "pve-exporter.yml": pveExporterFile(reached.token, settings) }),
        ...(authority === undefined ? {} : { "pve-ca.pem": authority }),
        ...Object.fromEntries(await Promise.all(given)),
      };
    },
    secretPlace,
    check: async () => undefined,
    words:
      metrics === undefined
        ? [`For the metrics of health and drift: pve-home health --all --metrics-dir ${own}`]
        : [],
  };
}

/** One call of the API may take this long, in milliseconds. */
const callLimitMs = 10_000;

/** Undefined where pve-exporter's file is given whole. */
async function reachableProxmox(io: Io, configuration: Configuration, given: boolean) {
  try {
    return await proxmoxAccess(configuration, io.env, callLimitMs);
  } catch (error) {
    if (!isProblem(error) || error.kind !== "undetermined") throw error;
    if (given) return undefined;
    const { kind, code, message, place, hint } = error;
    throw new Problem({
      ...{ kind, code, message: `${message}, which pve-exporter reads` },
      ...(place === undefined ? {} : { place }),
      hint: `${hint}; without a Proxmox: pve-home stack up --lab`,
      cause: error,
    });
  }
}

/** The nodes of the configuration, where no inventory says where one is: nothing was applied yet. */
function unnamedNodes({ endpoint, alternatives = [] }: ProxmoxConnection, inventories: readonly Inventory[]) {
  const known = inventories.some(({ nodes }) => nodes.some(({ address }) => address !== null));
  const places = known ? [] : [endpoint, ...alternatives].map((place) => new URL(place));
  return Object.fromEntries(
    places.map(({ hostname, port }) => {
      const address = hostname.replace(/^\[|\]$/g, "");
      return [address, { address, api_port: Number(port || 443) }];
    }),
  );
}

function unknownSecret(name: string, place: string, wanted: StackSecrets): Problem {
  return new Problem({
    kind: "configuration",
    code: "stack-secret-unknown",
    message: `the stack has no secret ${name}; as it is declared it has ${Object.keys(wanted).join(", ")}`,
    place,
    hint: "telegram-bot-token is read where telegram_chat_id is set in the environment monitoring",
  });
}

/** A simulated Proxmox VE, started for it. Problem `lab-no-gateway` where containers have no way to this machine. */
export async function watchedLab(io: Io, folder: string, engine: DockerEngine): Promise<Watched> {
  const gateway = engine.rootless ? addressInNetwork() : engine.gateway;
  if (engine.rootless)
    io.log(`the simulated Proxmox VE listens at ${gateway} too: containers without root reach it there`);
  const { labOfStack } = await import("./lab-stack.ts");
  const lab = await labOfStack(io, labFolder(folder), gateway);
  return {
    given: { ...here, inventories: [lab.inventory], pve_ca: true },
    metrics: join(folder, "metrics"),
    secrets: async (wanted) => ({
      "pve-exporter.yml": pveExporterFile(lab.token, wanted["pve-exporter.yml"]?.settings ?? {}),
      "pve-ca.pem": readTextFile(lab.authority),
    }),
    secretPlace: (name) => `stack.secrets.${name}`,
    check: () => checkLab(io, lab.configuration),
    words: [
      `The simulated Proxmox VE: pve-home lab status --dir ${labFolder(folder)}`,
      `Break it (pve-home lab break --dir ${labFolder(folder)}), and check it again:`,
      `  pve-home health --all --config ${lab.configuration}`,
    ],
  };
}

/** The network of a Docker without root leads out as a program of this machine does, and not to its loopback. */
function addressInNetwork(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}

/** Host keys and health once, as a timer would do it: what they print goes to the log. */
async function checkLab(io: Io, config: string): Promise<void> {
  const quiet: Io = { ...io, out: io.log };
  const { runTrust } = await import("./hosts-run.ts");
  await runTrust({ ...quiet, out: () => undefined }, [], { all: true, config });
  const { runHealth } = await import("./health-run.ts");
  await runHealth(quiet, { all: true, config });
}
