import { inCopy } from "../connect/terraform/in-copy.ts";
import { waitForLock } from "../connect/terraform/lock-wait.ts";
import type { TerraformRun } from "../connect/terraform/types.ts";
import type { DriftFinding } from "../model/drift.ts";
import { isProblem, Problem } from "../model/problem.ts";
import { logOf } from "../model/progress.ts";
import { type PlannedGuest, plannedGuests, vmidsOf } from "../plan/guests.ts";
import { type Plan, readPlan } from "../plan/plan-json.ts";
import { type StateResource, stateResources } from "../plan/state-resources.ts";
import type { DriftDependencies, DriftWorkspace } from "./check-drift.ts";
import { inspectPlan, rulesInForce } from "./inspect-plan.ts";
import { withFound } from "./merge-findings.ts";
import type { DriftContext, SourceFindings } from "./source.ts";

export interface EnvironmentInspection {
  findings: DriftFinding[];
  notes: string[];
  problem?: Problem | undefined;
  /** Numbers of the guests in its state; absent where the state could not be read. */
  vmids?: number[];
  /** Guests that applying would create; absent without a plan. */
  creating?: PlannedGuest[];
}

/** Waits for the lock, plans, judges, and asks the sources. Throws a Problem where it does not come to a plan. */
export async function inspectEnvironment(
  name: string,
  run: TerraformRun,
  deps: DriftDependencies,
): Promise<EnvironmentInspection> {
  try {
    return await inspectInTime(name, run, deps);
  } catch (error) {
    // The run's own signal is the limit of this environment; that of `deps` ends the whole check.
    if (run.signal?.aborted !== true || deps.signal?.aborted === true) throw error;
    throw new Problem({
      kind: "undetermined",
      code: "drift-timeout",
      message: `the check of ${name} did not end in its time`,
      place: run.directory,
      hint: "look at the guests whose agent does not answer: each of them holds a plan up; or give it more time",
      cause: error,
    });
  }
}

async function inspectInTime(
  name: string,
  run: TerraformRun,
  deps: DriftDependencies,
): Promise<EnvironmentInspection> {
  const { clock, signal, prepare } = deps;
  const log = logOf(name, deps.log);
  await waitForLock(run, {
    readLock: deps.readLock,
    clock,
    timeoutMs: deps.lockTimeoutMs,
    onWait: (lock) => log(`waiting for the lock of ${lock.who}, held since ${lock.since}`),
    signal: run.signal ?? signal,
  });
  return inCopy(run, { prepare, log }, async (workspace) => {
    await workspace.init();
    log("planning");
    return inspectWorkspace(name, run, workspace, deps);
  });
}

async function inspectWorkspace(
  name: string,
  run: TerraformRun,
  workspace: DriftWorkspace,
  deps: DriftDependencies,
): Promise<EnvironmentInspection> {
  const apply = `pve-home apply --env ${name}`;
  const signal = run.signal ?? deps.signal;
  const plan = await planOf(workspace, deps, signal);
  const [made, planProblem] = plan instanceof Problem ? [undefined, plan] : [plan, undefined];
  const inspection: EnvironmentInspection =
    plan instanceof Problem
      ? { findings: [], notes: [], problem: plan }
      : {
          ...inspectPlan(plan, { noise: deps.noise, now: deps.clock.now(), apply }),
          creating: plannedGuests(plan),
        };
  const state = once(() => stateOf(plan, workspace));
  const noise = rulesInForce(deps.noise, deps.clock.now());
  const context: DriftContext = { environment: name, run, apply, plan: made, state, noise, signal };
  for (const source of deps.sources ?? []) {
    const found: SourceFindings = await source
      .inspect(context)
      .catch((error: unknown) => ({ findings: [], problem: problemOf(error, signal) }));
    inspection.findings = withFound(inspection.findings, found);
    inspection.problem ??= found.problem;
  }
  if (planProblem !== undefined) inspection.problem = withWayOut(planProblem, inspection.findings);
  const resources = await state().catch((error: unknown) => problemOf(error, signal));
  if (!(resources instanceof Problem)) inspection.vmids = vmidsOf(resources);
  return inspection;
}

async function planOf(
  workspace: DriftWorkspace,
  { lookAt }: DriftDependencies,
  signal: AbortSignal | undefined,
): Promise<Plan | Problem> {
  try {
    const plan = readPlan((await workspace.plan()).json);
    await lookAt?.(plan);
    return plan;
  } catch (error) {
    return problemOf(error, signal);
  }
}

/** What a source found gone is the likely reason why the plan failed. */
function withWayOut(problem: Problem, findings: readonly DriftFinding[]): Problem {
  const hint = findings.find(({ verdict }) => verdict === "deleted")?.hint;
  if (hint === undefined) return problem;
  const { kind, code, message, place } = problem;
  return new Problem({
    kind,
    code,
    message,
    hint,
    cause: problem,
    ...(place === undefined ? {} : { place }),
  });
}

/** After a failed plan the state is read as it was stored: enough to know what it has. */
async function stateOf(plan: Plan | Problem, workspace: DriftWorkspace): Promise<StateResource[]> {
  if (!(plan instanceof Problem)) return stateResources(plan.priorState);
  return stateResources(await workspace.state());
}

function problemOf(error: unknown, signal: AbortSignal | undefined): Problem {
  signal?.throwIfAborted();
  if (isProblem(error)) return error;
  throw error;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
