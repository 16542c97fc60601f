import { Command, Option } from "commander";
import type { CheckFlags } from "./flags.ts";
import { withEnvironments, withReports } from "./flags.ts";
import type { Io } from "./io.ts";
import { repeatedOption, secondsOption } from "./options.ts";

export interface HealthFlags extends CheckFlags {
  component?: string[];
  exclude?: string[];
  timeout?: number;
  inventory?: string[];
  printProbe?: boolean;
}

/** `pve-home health` */
export function healthCommand(io: Io): Command {
  const command = withEnvironments(new Command("health"))
    .description("Check that every declared guest runs, answers and lets us in.")
    .addOption(
      repeatedOption("-c, --component <what>", "only this: a kind, a name or a glob; may be repeated"),
    )
    .addOption(repeatedOption("-x, --exclude <what>", "not this: a kind, a name or a glob; may be repeated"))
    .addOption(secondsOption("-t, --timeout <seconds>", "limit of each check, retries included", 0.1))
    .addOption(repeatedOption("--inventory <file>", "read what is declared from a file instead of Terraform"))
    .addOption(new Option("--print-probe", "print the script that asks the guests, and do nothing else"));
  return withReports(command)
    .addHelpText("after", help)
    .action(async (flags: HealthFlags) => {
      const { runHealth } = await import("./health-run.ts");
      await runHealth(io, flags);
    });
}

const help = `
Examples:
  pve-home health --all
  pve-home health --env prod --component web --verbose
  pve-home health --all --exclude lxc --exclude 'test-*' --json
  pve-home health --print-probe >probe    for a key that can do nothing else:
                                          docs/restricted-key.md

Exit codes: 0 healthy · 1 something failed · 2 wrong usage or configuration
            3 something could not be determined · 4 interrupted`;
