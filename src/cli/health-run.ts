import { z } from "zod";
import { systemClock } from "../connect/clock.ts";
import { createHttpClient } from "../connect/http/client.ts";
import { serviceWords } from "../connect/http/service-words.ts";
import { createSshClient } from "../connect/ssh/client.ts";
import { type SettingsOfChecks, settingsSchemaOf } from "../health/check-settings.ts";
import { checks } from "../health/checks/index.ts";
import { parseExclusions, readExclusions, usualExclusionsFile } from "../health/exclusions.ts";
import { probeOf } from "../health/probe.ts";
import { checkHealth } from "../health/runner.ts";
import { dryRunSteps, sampleReport } from "../health/sample.ts";
import { caFile } from "../homelab/ca-file.ts";
import { type Configuration, readSettings, settingPath, settingPlace } from "../homelab/configuration.ts";
import type { LastingExclusion } from "../homelab/select.ts";
import { sshSettings } from "../homelab/ssh-settings.ts";
import type { Finding, HealthReport } from "../model/health.ts";
import { isProblem } from "../model/problem.ts";
import { renderHealth } from "../report/health-table.ts";
import { healthJson } from "../report/json.ts";
import { healthMetrics } from "../report/prometheus.ts";
import {
  afterwards,
  checkTargets,
  type Opened,
  open,
  orInterrupted,
  record,
  refuseInterrupted,
  writeHtml,
  writeMetrics,
} from "./check-run.ts";
import { exitCodeOfStatuses } from "./exit-code.ts";
import type { HealthFlags } from "./health.ts";
import { inventoriesFrom, inventoryOf } from "./inventories.ts";
import type { Io } from "./io.ts";
import { connectProxmox } from "./reach.ts";

export async function runHealth(io: Io, flags: HealthFlags): Promise<void> {
  if (flags.printProbe) return io.out(probeOf(checks).script);
  const files = inventoriesFrom(io, flags.inventory);
  const opened = open(io, flags, [...files.keys()]);
  const settings = checkSettings(opened.configuration);
  if (flags.dryRun) return rehearse(io, opened, flags);
  checkTargets(io, opened, flags);
  const lasting = lastingExclusions(opened.configuration);
  const services = caFile(opened.configuration, "health.services_ca_file");

  const { health } = opened.configuration.settings;
  const timeoutMs = (flags.timeout ?? health.timeout) * 1000;
  const proxmox = await connectProxmox(io, opened, timeoutMs);
  const http = createHttpClient(serviceWords, { kind: "system", caFile: services });
  const ssh = createSshClient(sshSettings(opened.configuration, io.env));
  try {
    const environments = await Promise.all(
      opened.environments.map(async (environment) => ({
        environment,
        inventory: files.get(environment) ?? (await inventoryOf(io, opened, environment)),
        proxmox,
        ssh,
      })),
    );
    refuseInterrupted(io);
    const checking = checkHealth({
      environments,
      checks,
      http,
      settings,
      selection: {
        components: flags.component ?? [],
        exclusions: flags.exclude ?? [],
        lasting,
      },
      timeoutMs,
      bootGraceMs: health.boot_grace * 1000,
      concurrency: opened.configuration.settings.ssh.concurrency,
      clock: systemClock,
      warn: io.log,
      log: (line) => {
        if (flags.verbose) io.log(line);
      },
    });
    await finish(io, opened, flags, await orInterrupted(io, checking));
  } finally {
    http.close();
    await ssh.close();
    if (!isProblem(proxmox)) proxmox.close();
  }
}

function checkSettings(configuration: Configuration): SettingsOfChecks {
  const own = z.looseObject({ checks: settingsSchemaOf(checks).prefault({}) }).prefault({});
  return readSettings(configuration, z.looseObject({ health: own })).health.checks;
}

/** Those of the settings, and of the file; one that was named has to be there. */
function lastingExclusions(configuration: Configuration): LastingExclusion[] {
  const { exclude, exclusions_file: named } = configuration.settings.health;
  return [
    ...parseExclusions(exclude.join("\n"), settingPlace(configuration, "health.exclude")),
    ...(named === undefined
      ? readExclusions(usualExclusionsFile)
      : readExclusions(settingPath(configuration, named), { required: true })),
  ];
}

function rehearse(io: Io, { environments }: Opened, flags: HealthFlags): void {
  const reports = environments.map((environment) => sampleReport(environment));
  if (flags.json) {
    io.out(healthJson(reports));
    return;
  }
  for (const environment of environments) {
    io.out(
      [
        `${environment}: what would be done`,
        ...dryRunSteps(environment, checks).map((step) => `  ${step}`),
        "",
      ].join("\n"),
    );
  }
  io.out(renderHealth(reports, { width: io.width, colour: io.colour, verbose: flags.verbose ?? false }));
}

async function finish(io: Io, opened: Opened, flags: HealthFlags, reports: HealthReport[]): Promise<void> {
  io.out(
    flags.json
      ? healthJson(reports)
      : renderHealth(reports, { width: io.width, colour: io.colour, verbose: flags.verbose ?? false }),
  );
  io.exitCode = exitCodeOfStatuses(
    reports.flatMap((report) => report.findings.map((finding) => finding.status)),
  );
  await record(io, opened, "pve-home health", () => keep(io, opened, flags, reports));
}

function keep(io: Io, opened: Opened, flags: HealthFlags, reports: readonly HealthReport[]): void {
  const { configuration, environments, results } = opened;
  const known = [...configuration.environmentNames, ...environments];
  const last = results.load("health", known);
  for (const report of reports) {
    const previous = last.find(({ environment }) => environment === report.environment);
    const result =
      flags.component === undefined ? completed(previous, report, flags) : updated(previous, report);
    if (result !== undefined) afterwards(io, () => results.save("health", report.environment, result));
  }
  writeMetrics(io, opened, flags, "pve_health.prom", healthMetrics(results.load("health", known)));
  writeHtml(io, opened, flags);
}

/**
 * What `--exclude` left out keeps its last result: a word on the command line must not end an alert. An exclusion
 * for good belongs into the settings.
 */
function completed(
  previous: HealthReport | undefined,
  report: HealthReport,
  flags: HealthFlags,
): HealthReport {
  if (previous === undefined || flags.exclude === undefined) return report;
  const seen = new Set(report.findings.map(keyOf));
  return {
    ...report,
    findings: [...report.findings, ...previous.findings.filter((one) => !seen.has(keyOf(one)))],
  };
}

function keyOf({ type, component }: Finding): string {
  return `${type}/${component}`;
}

/**
 * A run for some components brings the last whole result up to date and keeps its time; without one there is
 * nothing to bring up to date, and a part must not pass for the whole.
 */
function updated(previous: HealthReport | undefined, part: HealthReport): HealthReport | undefined {
  if (previous === undefined) return undefined;
  const same = (a: Finding, b: Finding) => keyOf(a) === keyOf(b);
  const findings = previous.findings.flatMap((finding, index, all) => {
    const fresh = part.findings.filter((one) => same(one, finding));
    if (fresh.length === 0) return finding;
    return all.findIndex((one) => same(one, finding)) === index ? fresh : [];
  });
  return { ...previous, findings };
}
