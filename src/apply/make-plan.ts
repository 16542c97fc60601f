import type { Clock } from "../connect/clock.ts";
import { inCopy } from "../connect/terraform/in-copy.ts";
import { waitForLock } from "../connect/terraform/lock-wait.ts";
import type { PlanResult, StateLock, TerraformRun, Workspace } from "../connect/terraform/types.ts";
import type { PlanReport } from "../model/plan.ts";
import { isProblem, messageOf, Problem } from "../model/problem.ts";
import { type Log, logOf } from "../model/progress.ts";
import type { ReadConfig } from "../plan/guest-place.ts";
import { type Plan, readPlan } from "../plan/plan-json.ts";
import { deviceLosses } from "./device-losses.ts";
import { worstFirst } from "./forecast.ts";
import { providerNotes } from "./provider-version.ts";
import { summaryOf } from "./summary.ts";
import { type ListGuests, refuseTakenNumbers } from "./taken-numbers.ts";
import { inspectTemplates } from "./templates.ts";

/** An environment to plan; `problem` where it is known already that it cannot be. */
export type PlanEnvironment = { name: string; run: TerraformRun } | { name: string; problem: Problem };

/** The part of a prepared copy that planning and applying need. */
export type ApplyWorkspace = Pick<
  Workspace,
  "init" | "providers" | "plan" | "planToApply" | "apply" | "dispose"
>;

export interface PlanDependencies {
  prepare(run: TerraformRun): Promise<ApplyWorkspace>;
  readLock(run: TerraformRun): Promise<StateLock | undefined>;
  readConfig: ReadConfig;
  listGuests: ListGuests;
  /** Rejects where the token cannot see what a plan is about. */
  lookAt(plan: Plan): Promise<void>;
  clock: Clock;
  log: Log;
  /** How long an environment waits for the lock of another run, in milliseconds. */
  lockTimeoutMs: number;
}

/**
 * Plans every environment, all at once, and changes nothing. One that cannot be planned is a report of status
 * `unknown` with the problem in it. Rejects only when `signal` fires.
 */
export function planEnvironments(
  environments: readonly PlanEnvironment[],
  deps: PlanDependencies,
  signal: AbortSignal,
): Promise<PlanReport[]> {
  return Promise.all(
    environments.map(async (environment) => {
      const startedAt = deps.clock.now();
      try {
        if ("problem" in environment) throw environment.problem;
        const { name, run } = environment;
        const own = { ...deps, log: logOf(name, deps.log) };
        return await inFreeCopy(run, own, async (workspace) => {
          const made = await makePlan(name, workspace, (copy) => copy.plan(), own);
          return made.report;
        });
      } catch (error) {
        signal.throwIfAborted();
        return failed(environment.name, startedAt, error, deps);
      }
    }),
  );
}

/** Waits for the lock, and works in a private copy that is gone afterwards. */
export async function inFreeCopy<T>(
  run: TerraformRun,
  deps: PlanDependencies,
  work: (workspace: ApplyWorkspace) => Promise<T>,
): Promise<T> {
  await freeLock(run, deps);
  return inCopy(run, deps, work);
}

/** Throws a Problem `state-locked` where another run holds the lock for too long. */
export async function freeLock(run: TerraformRun, deps: PlanDependencies): Promise<void> {
  await waitForLock(run, {
    readLock: deps.readLock,
    clock: deps.clock,
    timeoutMs: deps.lockTimeoutMs,
    onWait: ({ who, since }) => deps.log(`waiting for the lock of ${who}, held since ${since}`),
    signal: run.signal,
  });
}

/** Makes a plan as `plan` says, and reports what is in it, and what it does not see of the guests. */
export async function makePlan(
  name: string,
  workspace: ApplyWorkspace,
  plan: (workspace: ApplyWorkspace) => Promise<PlanResult>,
  { clock, log, lookAt, readConfig, listGuests }: PlanDependencies,
): Promise<{ plan: Plan; report: PlanReport }> {
  const startedAt = clock.now();
  await workspace.init();
  log("planning");
  const { json } = await plan(workspace);
  const read = readPlan(json);
  await lookAt(read);
  await refuseTakenNumbers(name, read, listGuests);
  const [losses, brought] = await Promise.all([
    deviceLosses(read, readConfig),
    inspectTemplates(read, readConfig),
  ]);
  const summary = summaryOf(read);
  const notes = [...read.warnings, ...providerNotes(workspace.providers()), ...brought];
  const report = {
    environment: name,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Math.round(clock.now() - startedAt),
    ...summary,
    forecast: worstFirst([...losses, ...summary.forecast]),
    ...(notes.length === 0 ? {} : { notes }),
  };
  return { plan: read, report };
}

function failed(name: string, startedAt: number, error: unknown, { clock }: PlanDependencies): PlanReport {
  const { code, message, hint } = isProblem(error)
    ? error
    : new Problem({ kind: "bug", code: "internal-error", message: messageOf(error), cause: error });
  return {
    environment: name,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Math.round(clock.now() - startedAt),
    status: "unknown",
    resources: [],
    unchanged: 0,
    outputs: [],
    forecast: [],
    problem: { code, message, ...(hint === undefined ? {} : { hint }) },
  };
}
