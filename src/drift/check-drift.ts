import type { Clock } from "../connect/clock.ts";
import type { GuestStatus } from "../connect/proxmox/types.ts";
import type { StateLock, TerraformRun, Workspace } from "../connect/terraform/types.ts";
import { type DriftReport, driftOf, type NoiseRule, type UnmanagedReport } from "../model/drift.ts";
import { isProblem, messageOf, Problem } from "../model/problem.ts";
import type { Log } from "../model/progress.ts";
import type { Plan } from "../plan/plan-json.ts";
import { withExisting } from "./exists-already.ts";
import { type EnvironmentInspection, inspectEnvironment } from "./inspect-environment.ts";
import type { DriftSource } from "./source.ts";
import { unmanagedGuests } from "./unmanaged.ts";

/** An environment to look at; `problem` where it is known already that it cannot be. */
export type DriftEnvironment = { name: string; run: TerraformRun } | { name: string; problem: Problem };

/** The part of a prepared copy that drift needs. */
export type DriftWorkspace = Pick<Workspace, "init" | "plan" | "state" | "dispose">;

export interface DriftDependencies {
  prepare(run: TerraformRun): Promise<DriftWorkspace>;
  readLock(run: TerraformRun): Promise<StateLock | undefined>;
  /** Every guest of the cluster. */
  listGuests?: (signal: AbortSignal | undefined) => Promise<GuestStatus[]>;
  /** `environments` are all there are: a guest in none of their states is unmanaged. */
  everything: boolean;
  sources?: readonly DriftSource[];
  /** Rejects where the token cannot see what a plan is about. */
  lookAt?(plan: Plan): Promise<void>;
  clock: Clock;
  log: Log;
  /** How long an environment waits for the lock of another run, in milliseconds. */
  lockTimeoutMs: number;
  noise: readonly NoiseRule[];
  /** Numbers, names, or patterns of names of guests that need not be declared. */
  ignoreUnmanaged: readonly (string | number)[];
  signal?: AbortSignal;
}

export interface DriftResult {
  /** In the order of the environments. */
  reports: DriftReport[];
  /** Absent without `listGuests`, and where not `everything` was looked at. */
  unmanaged?: UnmanagedReport;
}

/**
 * Compares every environment with what runs, all at once. One that cannot be checked is a report of status `unknown`
 * with the problem in it, and hides nothing about the others. Rejects only when `signal` fires.
 */
export async function checkDrift(
  environments: readonly DriftEnvironment[],
  deps: DriftDependencies,
): Promise<DriftResult> {
  const startedAt = deps.clock.now();
  // The list is asked for beside the plans; a guest that comes or goes meanwhile may be missed by one of them.
  const guests = deps.listGuests?.(deps.signal).catch((error: unknown) => asProblem(error));
  const inspected = await Promise.all(
    environments.map(async (environment) => ({
      environment: environment.name,
      startedAt: deps.clock.now(),
      inspection: await inspectSafely(environment, deps),
      finishedAt: deps.clock.now(),
    })),
  );
  deps.signal?.throwIfAborted();
  const managed = new Set(inspected.flatMap(({ inspection }) => inspection.vmids ?? []));
  const found = await guests;
  deps.signal?.throwIfAborted();
  const unread = inspected.filter(({ inspection }) => inspection.vmids === undefined);
  const cluster = {
    guests: found === undefined || found instanceof Problem ? [] : found,
    managed,
    complete: deps.everything && unread.length === 0,
  };
  const existing = new Set<number>();
  const reports = inspected.map(({ environment, startedAt: start, inspection, finishedAt }) => {
    const creating = { environment, guests: inspection.creating ?? [], findings: inspection.findings };
    const { findings, vmids } = withExisting(creating, cluster);
    for (const vmid of vmids) existing.add(vmid);
    return {
      environment,
      startedAt: new Date(start).toISOString(),
      durationMs: Math.round(finishedAt - start),
      ...reportOf({ ...inspection, findings }),
    };
  });
  if (found === undefined || !deps.everything) return { reports };
  const problem = unread.length > 0 ? statesUnread(unread.map(({ environment }) => environment)) : undefined;
  return {
    reports,
    unmanaged: {
      startedAt: new Date(startedAt).toISOString(),
      ...unmanagedOf(problem ?? found, new Set([...managed, ...existing]), deps.ignoreUnmanaged),
    },
  };
}

async function inspectSafely(
  environment: DriftEnvironment,
  deps: DriftDependencies,
): Promise<EnvironmentInspection> {
  if ("problem" in environment) return { findings: [], notes: [], problem: environment.problem };
  try {
    return await inspectEnvironment(environment.name, environment.run, deps);
  } catch (error) {
    deps.signal?.throwIfAborted();
    return { findings: [], notes: [], problem: asProblem(error) };
  }
}

function reportOf({
  findings,
  notes,
  problem,
}: EnvironmentInspection): Pick<DriftReport, "status" | "findings" | "notes" | "problem"> {
  const status = problem !== undefined ? "unknown" : driftOf(findings).length > 0 ? "drift" : "ok";
  return {
    status,
    findings,
    ...(notes.length === 0 ? {} : { notes }),
    ...(problem === undefined ? {} : { problem: factsOf(problem) }),
  };
}

function unmanagedOf(
  guests: GuestStatus[] | Problem,
  managed: ReadonlySet<number>,
  ignore: readonly (string | number)[],
): Pick<UnmanagedReport, "status" | "findings" | "problem"> {
  if (guests instanceof Problem) return { status: "unknown", findings: [], problem: factsOf(guests) };
  const findings = unmanagedGuests(guests, managed, ignore);
  return { status: findings.length > 0 ? "drift" : "ok", findings };
}

function statesUnread(environments: string[]): Problem {
  return new Problem({
    kind: "undetermined",
    code: "states-unread",
    message: `which guests are unmanaged is not known without the state of ${environments.join(", ")}`,
  });
}

function factsOf({ code, message, hint }: Problem): NonNullable<DriftReport["problem"]> {
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

function asProblem(error: unknown): Problem {
  if (isProblem(error)) return error;
  return new Problem({ kind: "bug", code: "internal-error", message: messageOf(error), cause: error });
}
