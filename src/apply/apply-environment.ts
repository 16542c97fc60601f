import type { ApplyAction, ApplyEvent } from "../connect/terraform/apply-events.ts";
import type { ApplyOptions, TerraformRun } from "../connect/terraform/types.ts";
import type { ApplyOutcome, PlanReport } from "../model/plan.ts";
import { isProblem, Problem } from "../model/problem.ts";
import { logOf } from "../model/progress.ts";
import { deviceLosses } from "./device-losses.ts";
import { freeLock, inFreeCopy, makePlan, type PlanDependencies } from "./make-plan.ts";
import { refuseNewLosses } from "./new-losses.ts";
import { refuseTakenNumbers } from "./taken-numbers.ts";

export interface ApplyDependencies extends PlanDependencies, Omit<ApplyOptions, "lockTimeoutMs"> {
  /** Shows the plan, and returns once it may be carried out. Throws where it may not. */
  agree(report: PlanReport): Promise<void>;
}

/**
 * Plans one environment, asks, and carries out exactly that plan. Undefined where there is nothing to do. Where it does
 * not come to an end, the Problem says what was done until then.
 */
export function applyEnvironment(
  name: string,
  run: TerraformRun,
  dependencies: ApplyDependencies,
): Promise<ApplyOutcome | undefined> {
  const { clock, lockTimeoutMs } = dependencies;
  const deps = { ...dependencies, log: logOf(name, dependencies.log) };
  return inFreeCopy(run, deps, async (workspace) => {
    let planFile = "";
    const { plan, report } = await makePlan(
      name,
      workspace,
      async (copy) => {
        const made = await copy.planToApply({ lockTimeoutMs });
        planFile = made.planFile;
        return made;
      },
      deps,
    );
    if (report.status === "none") return undefined;
    await deps.agree(report);
    await freeLock(run, deps);
    await refuseTakenNumbers(name, plan, deps.listGuests);
    refuseNewLosses(name, report.forecast, await deviceLosses(plan, deps.readConfig));
    const tally = newTally();
    const startedAt = clock.now();
    const onEvent = (event: ApplyEvent) => {
      tally.take(event);
      deps.onEvent(event);
    };
    try {
      await workspace.apply(planFile, { ...deps, onEvent });
    } catch (error) {
      throw isProblem(error) ? withTally(name, error, tally) : error;
    }
    return { environment: name, durationMs: Math.round(clock.now() - startedAt), ...tally.done() };
  });
}

interface Tally {
  take(event: ApplyEvent): void;
  done(): Pick<ApplyOutcome, "created" | "changed" | "destroyed">;
  /** Addresses of what was begun and has not come to a good end. */
  unfinished(): string[];
}

function newTally(): Tally {
  const done: Record<ApplyAction, string[]> = { create: [], update: [], delete: [] };
  const unfinished = new Set<string>();
  return {
    take({ step, action, address }) {
      if (step === "started") unfinished.add(address);
      if (step !== "done") return;
      unfinished.delete(address);
      done[action].push(address);
    },
    done: () => ({ created: done.create, changed: done.update, destroyed: done.delete }),
    unfinished: () => [...unfinished],
  };
}

/** Before anything was begun, nothing was changed, and the Problem says all there is to say. */
function withTally(name: string, problem: Problem, tally: Tally): Problem {
  const { created, changed, destroyed } = tally.done();
  const unfinished = tally.unfinished();
  if (["terraform-stale", "state-locked"].includes(problem.code)) return problem;
  const { kind, code, message, place } = problem;
  const counts = `${created.length} created, ${changed.length} changed, ${destroyed.length} destroyed`;
  const open = unfinished.length === 0 ? "" : `; not finished: ${unfinished.join(", ")}`;
  return new Problem({
    kind,
    code,
    message: `${message} (until then ${counts}${open})`,
    ...(place === undefined ? {} : { place }),
    hint: hintOf(name, problem, unfinished.length > 0),
    cause: problem,
  });
}

function hintOf(name: string, { code, hint }: Problem, unfinished: boolean): string {
  // A hint of these is about the way back, not about trying the same again.
  if (code === "state-unwritten" && hint !== undefined) return hint;
  const next = `what is left to do: pve-home plan --env ${name}`;
  if (code === "terraform-forbidden" && hint !== undefined) return `${hint}; ${next}`;
  // The provider gives some up at once, a container for example, while Proxmox goes on making it.
  const strays = ["apply-interrupted", "apply-killed"].includes(code) && unfinished;
  return strays ? `what is on Proxmox and in no state: pve-home drift --all; ${next}` : next;
}
