import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../../model/json.ts";
import { Problem } from "../../model/problem.ts";
import type { ChildResult } from "../process.ts";
import { applyPlan, lockTimeout } from "./apply.ts";
import { runTool, type ToolCall, titleOf } from "./command.ts";
import { holdsErrored } from "./errored-state.ts";
import { type Stage, toolFailure, type Validity } from "./failures.ts";
import { hclSettings } from "./hcl-settings.ts";
import { importResource } from "./import.ts";
import { localStateFile } from "./local-state.ts";
import { installedProviders, type LockedProvider, readLockFile } from "./lock-file.ts";
import { copyEnvironment } from "./private-copy.ts";
import { progressReader } from "./progress.ts";
import type { OutputValue, PlanResult, TerraformRun, Workspace } from "./types.ts";
import { toolVersion } from "./version.ts";

const unlocked = "-lock=false";
/** A path of a socket has at most 104 bytes on macOS, 108 on Linux; the provider's is TMPDIR/plugin1234567890. */
const longestTemporary = 104 - "/plugin1234567890".length - 1;

const outputsSchema = z.record(z.string(), z.object({ value: z.unknown(), sensitive: z.boolean() }));

/**
 * Checks tool, version and lock file, and lays out the private copy; starts no init yet. Problems:
 * `terraform-missing`, `-too-old`, `-wrong-tool`, `-directory`, and from the workspace's calls `-locked`,
 * `-credentials`, `-unreachable`, `-invalid` (with file and line), `-init`, `-failed`. When `run.signal` fires, calls
 * reject with its reason.
 */
export async function prepare(given: TerraformRun): Promise<Workspace> {
  const locked = readLockFile(given);
  await toolVersion(given);
  const copy = copyEnvironment(given);
  const { directory } = copy;
  const run = inFolder(given, copy.root);
  const stateFile = localStateFile(run);
  const stateArguments = stateFile === undefined ? [] : [`-state=${stateFile}`];
  let initialised: Promise<void> | undefined;

  const call = async (args: string[], more: Pick<ToolCall, "outlivesUs"> = {}): Promise<ChildResult> => {
    const onStdout = run.progress === undefined ? undefined : progressReader(run.progress);
    return runTool(run, { args, cwd: directory, ...more, ...(onStdout === undefined ? {} : { onStdout }) });
  };
  const failed = (stage: Stage, result: ChildResult, validity?: Validity) =>
    toolFailure(run, stage, result, validity);

  async function initialise(): Promise<void> {
    const result = await call([
      "init",
      "-json",
      "-input=false",
      ...providerArguments(run, locked),
      ...backendArguments(run, directory),
    ]);
    if (result.exitCode !== 0) throw failed("init", result);
  }
  const init = () => {
    initialised ??= initialise();
    return initialised;
  };

  async function validity(): Promise<Validity> {
    const result = await runTool(run, { args: ["validate", "-json"], cwd: directory });
    const parsed = z.object({ valid: z.boolean() }).safeParse(readJson(result.stdout));
    if (!parsed.success) return undefined;
    return parsed.data.valid ? "valid" : "invalid";
  }

  async function plan(locking: string): Promise<PlanResult> {
    await init();
    const planFile = join(directory, "pve-home.tfplan");
    const args = [
      "plan",
      "-json",
      "-input=false",
      locking,
      "-detailed-exitcode",
      `-out=${planFile}`,
      ...stateArguments,
      ...variableArguments,
    ];
    const result = await call(args, locking === unlocked ? {} : { outlivesUs: true });
    if (result.exitCode !== 0 && result.exitCode !== 2) throw failed("plan", result, await validity());
    return { exitCode: result.exitCode, planFile, json: await document("show", ["show", "-json", planFile]) };
  }

  async function document(stage: Stage, args: string[]): Promise<unknown> {
    const result = await runTool(run, { args, cwd: directory });
    if (result.exitCode !== 0) throw failed(stage, result);
    const value = result.truncated ? undefined : readJson(result.stdout);
    if (value !== undefined) return value;
    throw unreadable(run, args[0] ?? "");
  }

  const variableArguments = (run.varFiles ?? []).map((file) => `-var-file=${file}`);
  const outputArguments = ["output", "-json", "-no-color", ...stateArguments];

  /**
   * A local state is a file. Where no configuration is, no provider is asked for, and nothing has to be initialised;
   * undefined where the file alone does not do, such as an encrypted one.
   */
  async function outputOfFile(): Promise<unknown> {
    if (stateFile === undefined) return undefined;
    const empty = join(directory, ".pve-home-empty");
    mkdirSync(empty, { recursive: true });
    const result = await runTool(run, { args: outputArguments, cwd: empty });
    return result.exitCode === 0 && !result.truncated ? readJson(result.stdout) : undefined;
  }

  async function outputOfBackend(): Promise<unknown> {
    await init();
    return document("output", outputArguments);
  }

  return {
    directory,
    init,
    providers: () => readLockFile({ ...run, directory }) ?? [],
    plan: () => plan(unlocked),
    planToApply: ({ lockTimeoutMs }) => plan(lockTimeout(lockTimeoutMs)),
    apply: async (planFile, options) => {
      copy.keepInit();
      await applyPlan(run, directory, [...stateArguments, planFile], options);
    },
    import: async (importing) => {
      await init();
      copy.keepInit();
      const initArguments = providerArguments(run, locked);
      await importResource({ run, directory, stateFile, initArguments, variableArguments }, importing);
    },
    output: async (): Promise<Record<string, OutputValue>> => {
      const value = (await outputOfFile()) ?? (await outputOfBackend());
      const parsed = outputsSchema.safeParse(value);
      if (parsed.success) return parsed.data;
      throw unreadable(run, "output");
    },
    state: async () => {
      await init();
      if (stateFile !== undefined && !existsSync(stateFile)) return { format_version: "1.0" };
      return document("show", [
        "show",
        "-json",
        "-no-color",
        ...(stateFile === undefined ? [] : [stateFile]),
      ]);
    },
    dispose: async () => (holdsErrored(directory) ? copy.keep() : copy.remove()),
  };
}

/** Where a provider that is killed leaves its socket. */
function inFolder(run: TerraformRun, folder: string): TerraformRun {
  if (folder.length > longestTemporary) return run;
  return { ...run, environment: { ...run.environment, TMPDIR: folder } };
}

/**
 * The providers are those the lock file names, from where the user's init has put them if they are all there: init
 * asks the registry for every provider otherwise, installed or not.
 */
function providerArguments(run: TerraformRun, locked: readonly LockedProvider[] | undefined): string[] {
  if (locked === undefined) return [];
  const installed = installedProviders(run, locked);
  return ["-lockfile=readonly", ...(installed === undefined ? [] : [`-plugin-dir=${installed}`])];
}

/** Settings may hold keys: they go into a file of the private copy, never into the arguments. */
function backendArguments(run: TerraformRun, directory: string): string[] {
  if (run.backend === undefined) return [];
  if ("file" in run.backend) return [`-backend-config=${run.backend.file}`];
  const file = join(directory, "pve-home.backend.hcl");
  writeFileSync(file, hclSettings(run.backend.settings), { mode: 0o600 });
  return [`-backend-config=${file}`];
}

function unreadable(run: TerraformRun, command: string): Problem {
  return new Problem({
    kind: "undetermined",
    code: "terraform-failed",
    message: `what ${titleOf(run.tool)} ${command} printed is not the JSON it should be`,
    place: run.directory,
  });
}
