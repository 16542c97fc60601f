import { Command } from "commander";
import { withOneEnvironment } from "./flags.ts";
import type { Io } from "./io.ts";
import type { PlanFlags } from "./plan.ts";
import { withPlanLimits } from "./plan.ts";

export interface ApplyFlags extends Omit<PlanFlags, "env" | "all" | "json"> {
  env?: string;
  yes?: true;
  allowRestart?: true;
  allowDeviceLoss?: true;
  dryRun?: true;
}

/** `pve-home apply` */
export function applyCommand(io: Io): Command {
  const command = withOneEnvironment(new Command("apply"))
    .description("Show the plan, ask, and carry out exactly that plan.")
    .option("-y, --yes", "do not ask")
    .option("--allow-restart", "without a terminal: also where guests are stopped, restarted or replaced")
    .option("--allow-device-loss", "also where a guest loses a device that was never declared")
    .option("--dry-run", "show the plan, change nothing");
  return withPlanLimits(command)
    .option("-v, --verbose", "Terraform's own addresses, and the bookkeeping of modules")
    .addHelpText("after", help)
    .action(async (flags: ApplyFlags) => {
      const { runApply } = await import("./apply-run.ts");
      await runApply(io, flags);
    });
}

const help = `
The provider detaches what is on a guest and not in the code, a disk attached by
hand for example, with the next change of a device of its kind. Without
--allow-device-loss such a plan is refused, also with --yes.

After Ctrl-C nothing more is begun, and what is under way may still end; a
second one ends it at once.

Examples:
  pve-home apply --env prod
  pve-home apply --env lab --yes --allow-restart

Exit codes: 0 done, or nothing to do · 2 wrong usage or configuration
            3 it did not come to an end · 4 declined or interrupted`;
