import { Command } from "commander";
import type { CheckFlags } from "./flags.ts";
import { withEnvironments, withReports } from "./flags.ts";
import type { Io } from "./io.ts";
import { repeatedOption, secondsOption } from "./options.ts";

export interface DriftFlags extends CheckFlags {
  timeout?: number;
  inventory?: string[];
  lockTimeout?: number;
}

/** `pve-home drift` */
export function driftCommand(io: Io): Command {
  const command = withEnvironments(new Command("drift"))
    .description("Compare what is declared, what was applied and what runs.")
    .addOption(secondsOption("-t, --timeout <seconds>", "limit for each environment", 0.1))
    .addOption(secondsOption("--lock-timeout <seconds>", "how long to wait for a locked state", 0))
    .addOption(
      repeatedOption(
        "--inventory <file>",
        "guests that are declared elsewhere: they are not reported as unmanaged",
      ),
    );
  return withReports(command)
    .addHelpText("after", help)
    .action(async (flags: DriftFlags) => {
      const { runDrift } = await import("./drift-run.ts");
      await runDrift(io, flags);
    });
}

const help = `
Verdicts:
  outside    changed by hand on Proxmox
  deleted    applied, and gone from Proxmox
  pending    in the code, not applied yet
  unmanaged  runs, and no state knows it
  noise      known to be harmless, by a rule of drift.noise that ends on a date

Examples:
  pve-home drift --all
  pve-home drift --env prod --json

Exit codes: 0 in line · 1 drift · 2 wrong usage or configuration
            3 something could not be determined · 4 interrupted`;
