import { systemClock } from "../connect/clock.ts";
import { listBackupJobs } from "../connect/proxmox/backup-jobs.ts";
import { listGuests } from "../connect/proxmox/guests.ts";
import { readLock } from "../connect/terraform/state-lock.ts";
import { backupJobSource } from "../drift/backup-jobs.ts";
import { checkDrift, type DriftEnvironment, type DriftResult } from "../drift/check-drift.ts";
import { writeReportLogs } from "../drift/report-log.ts";
import { sampleDrift } from "../drift/sample.ts";
import { dryRunSteps } from "../drift/steps.ts";
import { undeclaredDeviceSource } from "../drift/undeclared-devices.ts";
import { refuseBlindPlan } from "../homelab/blind-token.ts";
import { settingPath } from "../homelab/configuration.ts";
import { terraformRun } from "../homelab/terraform-run.ts";
import { driftOf } from "../model/drift.ts";
import { isProblem, type Problem } from "../model/problem.ts";
import { renderDrift } from "../report/drift-table.ts";
import { driftJson } from "../report/json.ts";
import { driftMetrics } from "../report/prometheus.ts";
import {
  afterwards,
  checkTargets,
  type Opened,
  open,
  record,
  refuseInterrupted,
  writeHtml,
  writeMetrics,
} from "./check-run.ts";
import type { DriftFlags } from "./drift.ts";
import { exitCodeOfFindings } from "./exit-code.ts";
import { inventoriesFrom } from "./inventories.ts";
import type { Io } from "./io.ts";
import { preparing } from "./preparing.ts";
import { configReader, providerRun, runWithoutProxmox, timeLimit } from "./provider-run.ts";
import { orUndetermined, type Reached, reachProxmox } from "./reach.ts";

export async function runDrift(io: Io, flags: DriftFlags): Promise<void> {
  const opened = open(io, flags);
  const { drift } = opened.configuration.settings;
  const lockTimeoutMs = (flags.lockTimeout ?? drift.lock_timeout) * 1000;
  const known = [...inventoriesFrom(io, flags.inventory).values()].flatMap(({ guests }) => guests);
  if (flags.dryRun) return rehearse(io, opened, flags, lockTimeoutMs);
  checkTargets(io, opened, flags);

  const limitMs = (flags.timeout ?? drift.timeout) * 1000;
  const reached = await reachProxmox(io, opened, limitMs);
  refuseInterrupted(io);
  try {
    const environments = await Promise.all(
      opened.environments.map((name) => environmentOf(io, opened, limitMs, name, reached)),
    );
    const result = await checkDrift(environments, {
      prepare: preparing(io, reached),
      readLock,
      ...proxmoxPart(opened, reached),
      clock: systemClock,
      log: io.log,
      lockTimeoutMs,
      noise: drift.noise,
      ignoreUnmanaged: [...drift.ignore_unmanaged, ...known.map(({ vmid }) => vmid)],
      signal: io.interrupted,
    });
    await finish(io, opened, flags, withoutCluster(reached, result));
  } catch (error) {
    refuseInterrupted(io);
    throw error;
  } finally {
    if (!isProblem(reached)) reached.client.close();
  }
}

function rehearse(io: Io, opened: Opened, flags: DriftFlags, lockTimeoutMs: number): void {
  const { reports, unmanaged } = sampleDrift(opened.environments, systemClock.now());
  if (flags.json) {
    io.out(driftJson(reports, unmanaged));
    return;
  }
  for (const name of opened.environments) {
    const steps = dryRunSteps(terraformRun(opened.configuration, name, io.env), lockTimeoutMs);
    io.out([`${name}: what would be done`, ...steps.map((step) => `  ${step}`), ""].join("\n"));
  }
  io.out(
    renderDrift(reports, unmanaged, { width: io.width, colour: io.colour, verbose: flags.verbose ?? false }),
  );
}

async function environmentOf(
  io: Io,
  opened: Opened,
  limitMs: number,
  name: string,
  reached: Reached | Problem,
): Promise<DriftEnvironment> {
  const limit = timeLimit(limitMs, { code: "drift-timeout", what: `${name} was not compared` });
  const run = isProblem(reached)
    ? await runWithoutProxmox(io, opened, name, reached, limit)
    : await orUndetermined(() => providerRun(io, opened, name, reached, limit));
  return isProblem(run) ? { name, problem: run } : { name, run };
}

function proxmoxPart({ configuration, environments }: Opened, reached: Reached | Problem) {
  const { environmentNames, notSetUp } = configuration;
  const everything = environmentNames.every((name) => environments.includes(name) || notSetUp.includes(name));
  if (isProblem(reached)) return { everything, listGuests: () => Promise.reject(reached) };
  const { client } = reached;
  const options = (signal?: AbortSignal) => (signal === undefined ? {} : { signal });
  return {
    lookAt: refuseBlindPlan(client),
    everything,
    listGuests: (signal: AbortSignal | undefined) => listGuests(client, options(signal)),
    sources: [
      backupJobSource((signal) => listBackupJobs(client, options(signal))),
      undeclaredDeviceSource(configReader(reached)),
    ],
  };
}

/** Where no Proxmox is set, and nothing that was looked at needs one, there is no cluster to ask. */
function withoutCluster(reached: Reached | Problem, { reports, unmanaged }: DriftResult): DriftResult {
  const needed = !isProblem(reached) || reports.some(({ problem }) => problem !== undefined);
  return needed && unmanaged !== undefined ? { reports, unmanaged } : { reports };
}

async function finish(io: Io, opened: Opened, flags: DriftFlags, result: DriftResult): Promise<void> {
  const { reports, unmanaged } = result;
  io.out(
    flags.json
      ? driftJson(reports, unmanaged)
      : renderDrift(reports, unmanaged, {
          width: io.width,
          colour: io.colour,
          verbose: flags.verbose ?? false,
        }),
  );
  const statuses = [...reports, ...(unmanaged === undefined ? [] : [unmanaged])].map(
    (report) => report.status,
  );
  io.exitCode = exitCodeOfFindings({
    // What was found of an environment that could not be compared as a whole is found all the same.
    found: statuses.includes("drift") || reports.some((report) => driftOf(report.findings).length > 0),
    undetermined: statuses.includes("unknown"),
  });
  await record(io, opened, "pve-home drift", () => keep(io, opened, flags, result));
}

function keep(io: Io, opened: Opened, flags: DriftFlags, { reports, unmanaged }: DriftResult): void {
  const { configuration, results } = opened;
  for (const report of reports) afterwards(io, () => results.save("drift", report.environment, report));
  if (unmanaged !== undefined) afterwards(io, () => results.save("unmanaged", "cluster", unmanaged));
  const last = results.load("drift", configuration.environmentNames);
  const [lastUnmanaged] = results.load("unmanaged", ["cluster"]);
  writeMetrics(io, opened, flags, "pve_drift.prom", driftMetrics(last, lastUnmanaged));
  writeHtml(io, opened, flags);
  const directory = configuration.settings.drift.report_directory;
  afterwards(io, () =>
    writeReportLogs(reports, {
      directory: directory === undefined ? undefined : settingPath(configuration, directory),
      now: systemClock.now(),
      log: io.log,
    }),
  );
}
