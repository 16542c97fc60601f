import { resolve } from "node:path";
import { writeFileAtomic } from "../connect/files.ts";
import { type Configuration, chooseEnvironments, loadConfiguration } from "../homelab/configuration.ts";
import { metricsDirectory, usualMetricsDirectory } from "../homelab/metrics-directory.ts";
import { openResults, type Results } from "../homelab/results.ts";
import { stateDirectory } from "../homelab/state-directory.ts";
import type { DriftReport, UnmanagedReport } from "../model/drift.ts";
import type { HealthReport } from "../model/health.ts";
import { messageOf, Problem } from "../model/problem.ts";
import { renderHtml } from "../report/html.ts";
import type { CheckFlags, EnvironmentFlags } from "./flags.ts";
import type { Io } from "./io.ts";

/** What a command knows once its flags and its configuration are read. */
export interface Opened {
  configuration: Configuration;
  /** The environments that were asked for. */
  environments: string[];
  stateDirectory: string;
  results: Results;
}

/** Reads the configuration and chooses the environments; `named` are known without being configured. */
export function open(io: Io, flags: EnvironmentFlags, named: readonly string[] = []): Opened {
  const configuration = loadConfiguration(io.cwd, flags.config);
  const { env = [], all = false } = flags;
  const environments =
    named.length > 0 && env.length === 0 && !all
      ? [...named]
      : chooseEnvironments(
          {
            ...configuration,
            environmentNames: [...new Set([...configuration.environmentNames, ...named])],
          },
          { env, all },
        );
  const directory = stateDirectory(configuration, io.env);
  return { configuration, environments, stateDirectory: directory, results: openResults(directory) };
}

/** Writes a metrics file where metrics go; where nobody said and the usual folder is absent, says so instead. */
export function writeMetrics(io: Io, opened: Opened, flags: CheckFlags, file: string, text: string): void {
  const directory = metricsDirectory(opened.configuration, io.cwd, flags.metricsDir);
  if (directory === undefined) {
    io.log(`no metrics written: ${usualMetricsDirectory} is not there; name a folder with --metrics-dir`);
    return;
  }
  write(resolve(directory, file), text, "--metrics-dir, or metrics.directory in pve-home.yaml");
}

/** Writes the HTML report of everything that is known: this run's results and the last ones of the other check. */
export function writeHtml(io: Io, opened: Opened, flags: CheckFlags): void {
  if (flags.html === undefined) return;
  const names = [...opened.configuration.environmentNames, ...opened.environments];
  const [unmanaged] = opened.results.load<UnmanagedReport>("unmanaged", ["cluster"]);
  const text = renderHtml({
    title: "pve-home",
    generatedAt: new Date().toISOString(),
    health: opened.results.load<HealthReport>("health", names),
    drift: opened.results.load<DriftReport>("drift", names),
    ...(unmanaged === undefined ? {} : { unmanaged }),
  });
  write(resolve(io.cwd, flags.html), text, "--html FILE");
}

function write(file: string, text: string, setting: string): void {
  try {
    writeFileAtomic(file, text);
  } catch (cause) {
    throw new Problem({
      kind: "configuration",
      code: "file-unwritable",
      message: `cannot write ${file}: ${messageOf(cause)}`,
      hint: `choose another place with ${setting}`,
      cause,
    });
  }
}

/** To be called after work that an interrupt cuts short: what it returned is not the truth. */
export function refuseInterrupted(io: Io): void {
  if (!io.interrupted.aborted) return;
  throw new Problem({ kind: "declined", code: "interrupted", message: "interrupted; nothing was recorded" });
}
