import { showsNoGuest } from "../homelab/cluster.ts";
import { type GuestState, stateOf } from "../homelab/guest-state.ts";
import type { Finding } from "../model/health.ts";
import { isProblem } from "../model/problem.ts";
import { type AskedGuest, askGuest } from "./ask-guest.ts";
import { type Check, isInside, type Outcome } from "./check.ts";
import { settingsOf } from "./check-settings.ts";
import type { ClusterReading } from "./cluster-reading.ts";
import { type Component, guestBehind } from "./component.ts";
import { type Answer, inContext, leftOut } from "./context-rules.ts";
import { silence, withinDeadline } from "./deadline.ts";
import { outcomeOfError, outcomeOfSilence, ranOut } from "./outcome.ts";
import type { Probe } from "./probe.ts";
import type { EnvironmentToCheck, HealthRun } from "./run.ts";
import { type CheckContext, type Run, runFor } from "./run-for.ts";
import { sessionFor } from "./session.ts";

interface TimedAnswer extends Answer {
  durationMs: number;
}

/** What all components of a run have in common. */
export interface Asking {
  run: HealthRun;
  probe: Probe;
}

/** Makes all checks of one component side by side; the findings are in the order of the checks. */
export async function checkComponent(
  { run, probe }: Asking,
  plan: EnvironmentToCheck,
  component: Component,
  cluster: ClusterReading,
): Promise<Finding[]> {
  const { clock, timeoutMs } = run;
  const deadline = clock.now() + timeoutMs;
  await cluster.headStart;
  const early = stateIn(component, cluster);
  const over = new AbortController();
  const context = contextFor(run, plan, component, { cluster, deadline, probe, signal: over.signal });
  const answers = await Promise.all(
    run.checks.flatMap((check) => {
      const make = runFor(check, component);
      return make === undefined ? [] : ask(run, context, component, { check, make }, early);
    }),
  );
  over.abort();
  await cluster.answer.catch(() => undefined);
  return inContext(component, answers, stateIn(component, cluster), run.bootGraceMs).map(
    ({ check, outcome, durationMs }): Finding => ({
      component: component.name,
      type: component.type,
      check: check.name,
      ...outcome,
      durationMs: outcome.status === "skipped" ? 0 : durationMs,
    }),
  );
}

/** What the API has said by now; undefined where it has not, or has nothing to say. */
function stateIn(component: Component, cluster: ClusterReading): GuestState | undefined {
  const known = cluster.now();
  const guest = guestBehind(component);
  if (known === undefined || guest === undefined) return undefined;
  const state = stateOf(guest, known);
  return showsNoGuest(known) && !state.nodeOffline ? undefined : state;
}

/** A check, and what makes it for the component. */
interface Chosen {
  check: Check;
  make: Run;
}

type SharedContext = Omit<CheckContext, "signal">;

// A client that heeds the deadline it was given says why it stopped; it gets the chance to say so before it is
// cut off.
const marginShare = 0.05;

function contextFor(
  run: HealthRun,
  plan: EnvironmentToCheck,
  component: Component,
  facts: { cluster: ClusterReading; deadline: number; probe: Probe; signal: AbortSignal },
): SharedContext {
  const { clock } = run;
  const { cluster, probe, signal } = facts;
  const deadline = facts.deadline - run.timeoutMs * marginShare;
  const log = (line: string) => {
    if (!signal.aborted) run.log(line);
  };
  let guest: AskedGuest | undefined;
  return {
    environment: plan.environment,
    cluster: () => cluster.answer,
    proxmox: () => {
      if (isProblem(plan.proxmox)) throw plan.proxmox;
      return plan.proxmox;
    },
    guest: () => {
      guest ??= askGuest(sessionFor(component, plan.ssh), probe, { deadline, clock, log, signal });
      return guest;
    },
    http: run.http,
    deadline,
    clock,
    log: run.log,
  };
}

async function ask(
  run: HealthRun,
  context: SharedContext,
  component: Component,
  { check, make }: Chosen,
  state: GuestState | undefined,
): Promise<TimedAnswer> {
  const absent = leftOut(check, component, state);
  if (absent !== undefined) return { check, outcome: absent, durationMs: 0 };
  const start = run.clock.now();
  const outcome = await outcomeOf(run, context, component, { check, make });
  const now = run.clock.now();
  const took = ranOut(outcome) ? waited(run, context, check, now) : now - start;
  return { check, outcome, durationMs: Math.round(took) };
}

/** What ran out is the time since the component's turn, or since the API was asked on behalf of all. */
function waited(run: HealthRun, context: SharedContext, check: Check, now: number): number {
  return isInside(check) ? now - (limitOf(context, run) - run.timeoutMs) : run.timeoutMs;
}

/** When a check is cut off. */
function limitOf(context: SharedContext, { timeoutMs }: HealthRun): number {
  return context.deadline + timeoutMs * marginShare;
}

async function outcomeOf(
  run: HealthRun,
  context: SharedContext,
  component: Component,
  { check, make }: Chosen,
): Promise<Outcome> {
  const { clock, timeoutMs } = run;
  const limit = limitOf(context, run);
  try {
    const outcome = await withinDeadline(clock, limit, (signal) => {
      const log = (line: string) => {
        if (!signal.aborted) context.log(line);
      };
      return make({ ...context, signal, log }, settingsOf(run.settings, check));
    });
    return outcome === silence ? outcomeOfSilence(isInside(check), timeoutMs) : outcome;
  } catch (error) {
    return outcomeOfError(error, { component, environment: context.environment, timeoutMs });
  }
}
