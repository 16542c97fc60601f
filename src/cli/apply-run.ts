import { applyEnvironment } from "../apply/apply-environment.ts";
import { refuseRootOnly, wayOut } from "../apply/root-only-devices.ts";
import { systemClock } from "../connect/clock.ts";
import { listGuests } from "../connect/proxmox/guests.ts";
import { readLock } from "../connect/terraform/state-lock.ts";
import { refuseBlindPlan } from "../homelab/blind-token.ts";
import { providerSsh } from "../homelab/provider-ssh.ts";
import { type ApplyOutcome, interrupts, type PlanReport } from "../model/plan.ts";
import { isProblem, Problem } from "../model/problem.ts";
import { logOf } from "../model/progress.ts";
import { isGuestAddress } from "../plan/guest-types.ts";
import { applyStepLine, renderApplied } from "../report/apply-lines.ts";
import { forecastSentence, lossSentence, renderPlan } from "../report/plan-table.ts";
import type { ApplyFlags } from "./apply.ts";
import { open } from "./check-run.ts";
import { confirm } from "./confirm.ts";
import type { Io } from "./io.ts";
import { oneEnvironment } from "./one-environment.ts";
import { limitsOf, planLimit, showPlans } from "./plan-run.ts";
import { preparing } from "./preparing.ts";
import { configReader, providerRun } from "./provider-run.ts";
import { reachProxmox } from "./reach.ts";

export async function runApply(io: Io, flags: ApplyFlags): Promise<void> {
  const name = oneEnvironment(io, flags);
  const opened = open(io, { ...flags, env: [name] });
  const { verbose = false } = flags;
  if (flags.dryRun) return showPlans(io, opened, { ...flags, env: [name] }, "change");

  const { limitMs, lockTimeoutMs } = limitsOf(opened, flags);
  const reached = await reachProxmox(io, opened, limitMs, "change");
  if (isProblem(reached)) throw reached;
  const stopListening = explainInterrupt(io);
  try {
    const run = await providerRun(io, opened, name, reached, planLimit(name, limitMs));
    const ssh = providerSsh(opened.configuration, io.env);
    const outcome = await applyEnvironment(
      name,
      { ...run, environment: { ...ssh, ...run.environment } },
      {
        lookAt: refuseBlindPlan(reached.client),
        prepare: preparing(io),
        readLock,
        readConfig: configReader(reached, io.interrupted),
        listGuests: () => listGuests(reached.client, { signal: io.interrupted }),
        clock: systemClock,
        log: io.log,
        lockTimeoutMs,
        agree: async (report) => {
          io.out(renderPlan([report], { width: io.width, colour: io.colour, verbose }));
          refuseRootOnly(report.forecast);
          refuseLosses(flags, report);
          refuseRestarts(io, flags, report);
          await confirm(io, questionOf(report), { yes: flags.yes });
          io.finishing = true;
        },
        onEvent: (event) => logOf(name, io.log)(applyStepLine(event)),
        interrupt: io.interrupted,
        kill: io.killed,
      },
    );
    if (outcome === undefined) io.out(`${name}: nothing to do`);
    else io.out(`\n${renderApplied(outcome, nextCommand(outcome))}`);
  } catch (error) {
    if (io.interrupted.aborted && !isProblem(error)) throw interruptedEarly();
    throw error;
  } finally {
    io.finishing = false;
    stopListening();
    reached.client.close();
  }
}

function questionOf({ environment, forecast }: PlanReport): string {
  const sentences = [lossSentence(forecast), forecastSentence(forecast)].filter((text) => text !== "");
  return [...sentences, `Apply this to ${environment}?`].join(". ");
}

/** A yes is not enough: what is lost was never declared, and no plan brings it back. */
function refuseLosses({ allowDeviceLoss }: ApplyFlags, { forecast }: PlanReport): void {
  const losses = lossSentence(forecast);
  if (allowDeviceLoss === true || losses === "") return;
  throw new Problem({
    kind: "declined",
    code: "device-loss-not-allowed",
    message: losses,
    hint: `remove it by hand, ${wayOut(forecast.filter(({ effect }) => effect === "loses-device"))}; to let it be lost, add --allow-device-loss`,
  });
}

/** Without a terminal, the forecast was not read. */
function refuseRestarts(io: Io, { allowRestart }: ApplyFlags, { forecast }: PlanReport): void {
  if (io.interactive || allowRestart === true || !forecast.some(interrupts)) return;
  throw new Problem({
    kind: "declined",
    code: "restart-not-allowed",
    message: `${forecastSentence(forecast)}; without a terminal that has to be allowed`,
    hint: "add --allow-restart",
  });
}

function nextCommand({ environment, created }: ApplyOutcome): string | undefined {
  return created.some(isGuestAddress) ? `pve-home hosts trust --env ${environment}` : undefined;
}

function explainInterrupt(io: Io): () => void {
  const explain = () => {
    if (io.finishing)
      io.log(
        "interrupted: nothing more is begun, what is under way may still end; Ctrl-C again ends it at once",
      );
  };
  io.interrupted.addEventListener("abort", explain, { once: true });
  return () => io.interrupted.removeEventListener("abort", explain);
}

function interruptedEarly(): Problem {
  return new Problem({ kind: "declined", code: "interrupted", message: "interrupted; nothing was changed" });
}
