import { planEnvironments } from "../apply/make-plan.ts";
import { systemClock } from "../connect/clock.ts";
import { listGuests } from "../connect/proxmox/guests.ts";
import { readLock } from "../connect/terraform/state-lock.ts";
import { refuseBlindPlan } from "../homelab/blind-token.ts";
import { isProblem } from "../model/problem.ts";
import { planJson } from "../report/json.ts";
import { renderPlan } from "../report/plan-table.ts";
import { type Opened, open, refuseInterrupted } from "./check-run.ts";
import { exitCodeOfFindings } from "./exit-code.ts";
import type { Io } from "./io.ts";
import type { PlanFlags } from "./plan.ts";
import { preparing } from "./preparing.ts";
import { configReader, providerRun, runWithoutProxmox, timeLimit } from "./provider-run.ts";
import { orUndetermined, reachProxmox } from "./reach.ts";

export async function runPlan(io: Io, flags: PlanFlags): Promise<void> {
  const opened = open(io, flags);
  await showPlans(io, opened, flags, "read");
}

/** Plans the environments that were asked for and prints what comes of it; changes nothing. */
export async function showPlans(
  io: Io,
  opened: Opened,
  flags: PlanFlags,
  purpose: "read" | "change",
): Promise<void> {
  const { limitMs, lockTimeoutMs } = limitsOf(opened, flags);
  const reached = await reachProxmox(io, opened, limitMs, purpose);
  refuseInterrupted(io);
  try {
    const environments = await Promise.all(
      opened.environments.map(async (name) => {
        const limit = planLimit(name, limitMs);
        const run = isProblem(reached)
          ? await runWithoutProxmox(io, opened, name, reached, limit)
          : await orUndetermined(() => providerRun(io, opened, name, reached, limit));
        return isProblem(run) ? { name, problem: run } : { name, run };
      }),
    );
    const lookAt = isProblem(reached) ? async () => {} : refuseBlindPlan(reached.client);
    // Where Proxmox was not reached, nothing is planned, and nothing asked.
    const readConfig = isProblem(reached)
      ? () => Promise.reject(reached)
      : configReader(reached, io.interrupted);
    const deps = {
      lookAt,
      prepare: preparing(io, reached),
      readLock,
      readConfig,
      listGuests: () =>
        isProblem(reached) ? Promise.reject(reached) : listGuests(reached.client, { signal: io.interrupted }),
      clock: systemClock,
      log: io.log,
      lockTimeoutMs,
    };
    const reports = await planEnvironments(environments, deps, io.interrupted);
    refuseInterrupted(io);
    const { width, colour } = io;
    io.out(
      flags.json
        ? planJson(reports)
        : renderPlan(reports, { width, colour, verbose: flags.verbose ?? false }),
    );
    const undetermined = reports.some(({ status }) => status === "unknown");
    io.exitCode = exitCodeOfFindings({ found: false, undetermined });
  } catch (error) {
    refuseInterrupted(io);
    throw error;
  } finally {
    if (!isProblem(reached)) reached.client.close();
  }
}

/** In milliseconds; those of drift, which plans the same, unless given. */
export function limitsOf({ configuration }: Opened, flags: Pick<PlanFlags, "timeout" | "lockTimeout">) {
  const { drift } = configuration.settings;
  return {
    limitMs: (flags.timeout ?? drift.timeout) * 1000,
    lockTimeoutMs: (flags.lockTimeout ?? drift.lock_timeout) * 1000,
  };
}

export function planLimit(name: string, ms: number): AbortSignal {
  return timeLimit(ms, { code: "plan-timeout", what: `${name} was not planned` });
}
