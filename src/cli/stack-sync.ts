import { existsSync } from "node:fs";
import { join } from "node:path";
import { openKuma } from "../connect/uptime-kuma/client.ts";
import { caFile } from "../homelab/ca-file.ts";
import { type Configuration, loadConfiguration, settingPlace } from "../homelab/configuration.ts";
import { resolveSecret } from "../homelab/secret-reference.ts";
import type { Inventory } from "../model/inventory.ts";
import { Problem } from "../model/problem.ts";
import type { Secret } from "../model/secret.ts";
import { type MonitorPlan, planMonitors, wantedMonitors } from "../stack/monitors.ts";
import { readRecord } from "../stack/record.ts";
import { renderStack } from "../stack/render.ts";
import type { Rendered } from "../stack/rendered.ts";
import { keptPassword } from "../stack/secrets.ts";
import { declaredInventories, inventoriesFrom } from "./inventories.ts";
import type { Io } from "./io.ts";
import type { SyncFlags } from "./stack.ts";
import { commandFor, environmentName, labFolder, stackFolder, stackRun } from "./stack-place.ts";

/** Of each call, in milliseconds. */
const callLimitMs = 15_000;

/** What monitors are made from, and where they are made. */
interface SyncedStack {
  stack: Pick<Rendered, "services" | "service_entries">;
  inventories: readonly Inventory[];
  url: string;
  password: Secret;
  /** Where the password is kept. */
  origin: string;
}

export async function runSync(io: Io, flags: SyncFlags): Promise<void> {
  const configuration = loadConfiguration(io.cwd, flags.config);
  const { user } = configuration.settings.stack.uptime_kuma;
  const { stack, inventories, url, password, origin } = await syncedStack(io, configuration, flags);
  const { wanted, unreachable } = wantedMonitors(stack, environmentName, inventories);
  for (const service of unreachable) io.log(`left out, because a container does not reach it: ${service}`);
  const authority = caFile(configuration, "health.services_ca_file");
  const kuma = await openKuma({
    ...{ url, timeoutMs: callLimitMs, signal: io.interrupted },
    ...(authority === undefined || !url.startsWith("https:") ? {} : { caFile: authority }),
  });
  try {
    const fresh = await kuma.needsSetup();
    if (fresh && !flags.dryRun) {
      await kuma.setup(user, password);
      io.log(`made the user ${user} of Uptime Kuma at ${url}; its password: ${origin}`);
    }
    if (!fresh || !flags.dryRun) await kuma.login(user, password);
    const plan = planMonitors(wanted, kuma.monitors());
    if (!flags.dryRun) {
      for (const { id } of plan.remove) await kuma.remove(id);
      for (const { seen, fields } of plan.change) await kuma.change(seen, fields);
      for (const monitor of plan.create) await kuma.add(monitor);
    }
    io.out(planText(plan, { fresh, dryRun: flags.dryRun === true, of: wanted.length }));
  } finally {
    kuma.close();
  }
}

/** The stack of this machine where there is one, else the one that the environment monitoring declares. */
async function syncedStack(io: Io, configuration: Configuration, flags: SyncFlags): Promise<SyncedStack> {
  const folder = stackFolder(io, configuration, flags);
  const record = readRecord(folder);
  const lab = join(labFolder(folder), "inventory.json");
  const inventories = existsSync(lab)
    ? [...inventoriesFrom(io, [lab]).values()]
    : await declaredInventories(io, flags);
  const stack = record ?? (await renderStack(stackRun(io, configuration), { inventories }));
  const { url: setting, password: reference } = configuration.settings.stack.uptime_kuma;
  const url = setting ?? addressOfKuma(stack, record !== undefined);
  if (url === undefined) throw kumaOff();
  const place = settingPlace(configuration, "stack.uptime_kuma.password");
  if (reference !== undefined) {
    const context = { place, folder: configuration.folder, environment: io.env };
    return { stack, inventories, url, password: await resolveSecret(reference, context), origin: reference };
  }
  if (record === undefined) throw passwordMissing(place, flags);
  const origin = join(folder, "uptime-kuma-password");
  return { stack, inventories, url, password: keptPassword(origin, flags), origin };
}

/** Undefined where it is switched off. With TLS its own port is open on its machine alone. */
function addressOfKuma({ services }: SyncedStack["stack"], here: boolean): string | undefined {
  const kuma = services["uptime-kuma"];
  const closed = kuma?.published.every(({ address }) => address.startsWith("127.")) === true;
  return (closed && !here ? kuma?.url : kuma?.direct_url) ?? undefined;
}

function planText(
  { create, change, remove }: MonitorPlan,
  { fresh, dryRun, of }: { fresh: boolean; dryRun: boolean; of: number },
): string {
  const lines = [
    ...(fresh && dryRun ? ["would make the first user"] : []),
    ...remove.map(({ name }) => `- ${name}`),
    ...change.map(({ seen, fields }) => `~ ${seen.name}: ${Object.keys(fields).join(", ")}`),
    ...create.map(({ name, url }) => `+ ${name}  ${url}`),
  ];
  const unchanged = of - create.length - change.length;
  const counts = `${create.length} created, ${change.length} changed, ${remove.length} removed, ${unchanged} unchanged`;
  return [...lines, dryRun ? `to be done: ${counts}` : counts].join("\n");
}

function kumaOff(): Problem {
  return new Problem({
    kind: "configuration",
    code: "kuma-off",
    message: `the environment ${environmentName} has no Uptime Kuma`,
    hint: "uptime_kuma_enabled = true in its terraform.tfvars",
  });
}

function passwordMissing(place: string, flags: SyncFlags): Problem {
  return new Problem({
    kind: "configuration",
    code: "kuma-password-missing",
    message:
      "the password of Uptime Kuma is not set, and there is no stack on this machine that has made one",
    place,
    hint: `stack: { uptime_kuma: { password: "file:~/.pve-home/uptime-kuma" } }; on this machine: ${commandFor("up", flags)}`,
  });
}
