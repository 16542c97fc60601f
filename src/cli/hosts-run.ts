import { systemClock } from "../connect/clock.ts";
import { createSshClient } from "../connect/ssh/client.ts";
import { changeKnownHosts, isOnlyKey, trustHost } from "../connect/ssh/known-hosts.ts";
import type { SshClient, SshSession } from "../connect/ssh/types.ts";
import { settingPlace } from "../homelab/configuration.ts";
import { type TrustOutcome, trustHosts } from "../homelab/host-keys.ts";
import { matches } from "../homelab/pattern.ts";
import { sshSettings } from "../homelab/ssh-settings.ts";
import type { Inventory } from "../model/inventory.ts";
import { jsonText } from "../model/json.ts";
import { isProblem, Problem } from "../model/problem.ts";
import { renderTrust } from "../report/trust-table.ts";
import { type Opened, open, orInterrupted } from "./check-run.ts";
import { exitCodeOfFindings } from "./exit-code.ts";
import type { TrustFlags } from "./hosts.ts";
import { inventoriesFrom, inventoryOf } from "./inventories.ts";
import type { Io } from "./io.ts";
import { connectProxmox } from "./reach.ts";

export async function runTrust(io: Io, guests: readonly string[], flags: TrustFlags): Promise<void> {
  const files = inventoriesFrom(io, flags.inventory);
  const opened = open(io, flags, [...files.keys()]);
  const { health, ssh: sshSetting } = opened.configuration.settings;
  const timeoutMs = health.timeout * 1000;
  const settings = sshSettings(opened.configuration, io.env);
  const proxmox = await connectProxmox(io, opened, timeoutMs);
  if (isProblem(proxmox)) throw proxmox;
  const ssh = createSshClient(settings);
  const trusted: { environment: string; outcomes: TrustOutcome[] }[] = [];
  try {
    for (const { inventory, names } of await chosen(io, opened, files, guests)) {
      // One environment after another: they share the file of host keys.
      const trusting = trustHosts({
        environment: inventory.environment,
        inventory,
        selection: { components: names },
        proxmox,
        nodeSsh: (node) => nodeSession(opened, ssh, settings.knownHostsFile, node, flags),
        knownHostsFile: settings.knownHostsFile,
        replace: flags.replace ?? false,
        dryRun: flags.dryRun ?? false,
        concurrency: sshSetting.concurrency,
        timeoutMs,
        clock: systemClock,
        log: io.log,
      });
      trusted.push({ environment: inventory.environment, outcomes: await orInterrupted(io, trusting) });
    }
  } finally {
    await ssh.close();
    proxmox.close();
  }
  io.out(flags.json ? trustJson(trusted) : renderTrust(trusted, { width: io.width, colour: io.colour }));
  const problems = trusted.flatMap(({ outcomes }) => outcomes.flatMap(({ problem }) => problem ?? []));
  io.exitCode = exitCodeOfFindings({
    found: problems.some(({ kind }) => kind === "declined"),
    undetermined: problems.some(({ kind }) => kind !== "declined"),
  });
}

/** The inventories with a guest that was asked for, each with the names that mean something in it. */
async function chosen(
  io: Io,
  opened: Opened,
  files: ReadonlyMap<string, Inventory>,
  asked: readonly string[],
): Promise<{ inventory: Inventory; names: string[] }[]> {
  const inventories = await Promise.all(
    opened.environments.map(async (name) => files.get(name) ?? (await inventoryOf(io, opened, name))),
  );
  const read = inventories.map((inventory) => {
    if (isProblem(inventory)) throw inventory;
    return inventory;
  });
  const guests = read.flatMap((inventory) => inventory.guests);
  for (const name of asked) {
    if (!guests.some((guest) => matches(name, guest))) throw unknownGuest(name, guests);
  }
  return read
    .map((inventory) => ({
      inventory,
      names: asked.filter((name) => inventory.guests.some((guest) => matches(name, guest))),
    }))
    .filter(({ names }) => asked.length === 0 || names.length > 0);
}

function unknownGuest(name: string, guests: readonly { name: string }[]): Problem {
  return new Problem({
    kind: "usage",
    code: "guest-unknown",
    message: `there is no guest "${name}"; there is ${guests.map((guest) => guest.name).join(", ") || "none"}`,
    hint: `for example: pve-home hosts trust --all ${guests[0]?.name ?? ""}`.trim(),
  });
}

/** The node's own key is known from the settings, or from the user's known_hosts; it is never learned blindly. */
async function nodeSession(
  opened: Opened,
  ssh: SshClient,
  knownHostsFile: string,
  node: string,
  flags: TrustFlags,
): Promise<SshSession> {
  const settings = opened.configuration.settings.ssh.nodes[node];
  if (settings === undefined) {
    throw new Problem({
      kind: "undetermined",
      code: "node-address-unknown",
      message: `the SSH address of node ${node} is not known, and containers are reached through it`,
      place: settingPlace(opened.configuration, `ssh.nodes.${node}`),
      hint: `add to pve-home.yaml: ssh: { nodes: { ${node}: { address: 192.168.1.10 } } }`,
    });
  }
  const { address: host, port, user, host_key: key } = settings;
  const target = { host, port };
  if (key !== undefined && !flags.dryRun && !isOnlyKey(knownHostsFile, target, key)) {
    await changeKnownHosts(knownHostsFile, () => trustHost(knownHostsFile, target, key));
  }
  return ssh.session({ host, port, user });
}

function trustJson(trusted: readonly { environment: string; outcomes: TrustOutcome[] }[]): string {
  const environments = trusted.map(({ environment, outcomes }) => ({
    environment,
    guests: outcomes.map(({ problem, ...outcome }) => ({
      ...outcome,
      ...(problem === undefined
        ? {}
        : { problem: { code: problem.code, message: problem.message, hint: problem.hint } }),
    })),
  }));
  return jsonText({ schema_version: 1, command: "hosts trust", environments }, 2);
}
