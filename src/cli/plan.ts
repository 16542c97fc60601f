import { Command } from "commander";
import { type EnvironmentFlags, withEnvironments } from "./flags.ts";
import type { Io } from "./io.ts";
import { secondsOption } from "./options.ts";

export interface PlanFlags extends EnvironmentFlags {
  timeout?: number;
  lockTimeout?: number;
  json?: true;
  verbose?: true;
}

/** `pve-home plan` */
export function planCommand(io: Io): Command {
  const command = withEnvironments(new Command("plan")).description(
    "Show what applying would do, and which guests it would take down.",
  );
  return withPlanLimits(command)
    .option("--json", "print one JSON document instead of the table")
    .option("-v, --verbose", "Terraform's own addresses, and the bookkeeping of modules")
    .addHelpText("after", help)
    .action(async (flags: PlanFlags) => {
      const { runPlan } = await import("./plan-run.ts");
      await runPlan(io, flags);
    });
}

/** How long a plan may take, and how long it waits for others. */
export function withPlanLimits(command: Command): Command {
  return command
    .addOption(secondsOption("-t, --timeout <seconds>", "limit for planning each environment", 0.1))
    .addOption(secondsOption("--lock-timeout <seconds>", "how long to wait for a locked state", 0));
}

const help = `
The restart forecast names guests that are stopped, restarted or replaced, also
where Terraform says "update in-place": the provider turns guests off for most
changes.

Examples:
  pve-home plan --env prod
  pve-home plan --all --json

Exit codes: 0 planned, with or without changes · 2 wrong usage or configuration
            3 something could not be planned · 4 interrupted`;
