import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { writeFileAtomic } from "../connect/files.ts";
import { type Configuration, chooseEnvironments, loadConfiguration } from "../homelab/configuration.ts";
import { metricsDirectory, usualMetricsDirectory } from "../homelab/metrics-directory.ts";
import { openResults, type Results } from "../homelab/results.ts";
import { stateDirectory } from "../homelab/state-directory.ts";
import { isProblem, messageOf, Problem } from "../model/problem.ts";
import { renderHtml } from "../report/html.ts";
import { exitCodes } from "./exit-code.ts";
import type { CheckFlags, EnvironmentFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { interruption } from "./problem-of.ts";

const metricsSetting = "--metrics-dir FOLDER, or metrics.directory in pve-home.yaml";
const htmlSetting = "--html FILE";

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
            notSetUp: configuration.notSetUp.filter((name) => !named.includes(name)),
          },
          { env, all },
        );
  const leftOut = all ? configuration.environmentNames.filter((name) => !environments.includes(name)) : [];
  for (const name of leftOut) io.log(`${name} is left out: it has no terraform.tfvars and was never applied`);
  const directory = stateDirectory(configuration, io.env);
  return {
    configuration,
    environments,
    stateDirectory: directory,
    results: openResults(directory, configuration, io.log),
  };
}

/** Writes a metrics file where metrics go; where none is set and the usual folder is absent, says so instead. */
export function writeMetrics(io: Io, opened: Opened, flags: CheckFlags, file: string, text: string): void {
  const directory = metricsDirectory(opened.configuration, io.cwd, flags.metricsDir);
  if (directory === undefined) {
    io.log(`no metrics written: ${usualMetricsDirectory} is not there; name a folder with --metrics-dir`);
    return;
  }
  write(io, resolve(directory, file), text);
}

/** Writes the HTML report of everything that is known: this run's results and the last ones of the other check. */
export function writeHtml(io: Io, opened: Opened, flags: CheckFlags): void {
  if (flags.html === undefined) return;
  const names = [...opened.configuration.environmentNames, ...opened.environments];
  const [unmanaged] = opened.results.load("unmanaged", ["cluster"]);
  const text = renderHtml({
    title: "pve-home",
    generatedAt: new Date().toISOString(),
    health: opened.results.load("health", names),
    drift: opened.results.load("drift", names),
    ...(unmanaged === undefined ? {} : { unmanaged }),
  });
  write(io, resolve(io.cwd, flags.html), text);
}

function write(io: Io, file: string, text: string): void {
  afterwards(io, () => writeFileAtomic(file, text));
}

/**
 * Work after the result is known, such as writing it down. Where it fails, on a disk that is full by now, it says
 * so; the exit code is 3 then, unless something was found, which outranks it.
 */
export function afterwards(io: Io, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    io.log(`pve-home: ${messageOf(error)}`);
    if (io.exitCode === exitCodes.ok) io.exitCode = exitCodes.undetermined;
  }
}

/**
 * What follows a result: `work` loads the last results, saves these and renders all, as the only run that does. Where
 * the state directory cannot be written it is done all the same, for the metrics and the report go elsewhere.
 */
export async function record(io: Io, { results }: Opened, what: string, work: () => void): Promise<void> {
  let begun = false;
  const once = () => {
    begun = true;
    work();
  };
  try {
    await results.alone(what, once);
  } catch (error) {
    if (begun) throw error;
    afterwards(io, () => {
      throw error;
    });
    if (!isProblem(error, "run-locked")) work();
  }
}

/** To be called after work that an interrupt cuts short: what it returned is not the truth. */
export function refuseInterrupted(io: Io): void {
  if (io.interrupted.aborted) throw interruption();
}

/** The work, or the interrupt that comes before it ends: then it is not waited for any longer. */
export function orInterrupted<T>(io: Io, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const refuse = () => reject(interruption());
  io.interrupted.addEventListener("abort", refuse, { once: true });
  if (io.interrupted.aborted) refuse();
  return Promise.race([work, promise]).finally(() => io.interrupted.removeEventListener("abort", refuse));
}

/**
 * Refuses targets that cannot be written before anything is looked at: a result must not get lost for a typing
 * mistake, and wrong usage writes nothing.
 */
export function checkTargets(io: Io, opened: Opened, flags: CheckFlags): void {
  const metrics = metricsDirectory(opened.configuration, io.cwd, flags.metricsDir);
  if (metrics !== undefined) checkFolder(metrics, metricsSetting);
  if (flags.html === undefined) return;
  const file = resolve(io.cwd, flags.html);
  if (existsSync(file) && statSync(file).isDirectory()) throw unwritable(file, "it is a folder", htmlSetting);
  checkFolder(dirname(file), htmlSetting);
}

function checkFolder(folder: string, setting: string): void {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    if (!statSync(existing).isDirectory()) throw new Error(`${existing} is no folder`);
    accessSync(existing, constants.W_OK);
  } catch (cause) {
    throw unwritable(folder, messageOf(cause), setting);
  }
}

function unwritable(place: string, why: string, setting: string): Problem {
  return new Problem({
    kind: "configuration",
    code: "file-unwritable",
    message: `cannot write to ${place}: ${why}`,
    hint: `choose another place with ${setting}`,
  });
}
