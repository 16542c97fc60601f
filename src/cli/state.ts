import { Command } from "commander";
import {
  type EnvironmentFlags,
  type OneEnvironmentFlags,
  withEnvironments,
  withOneEnvironment,
} from "./flags.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./options.ts";
import type * as Run from "./state-run.ts";

export interface MigrateFlags extends OneEnvironmentFlags {
  back?: true;
  dryRun?: true;
  yes?: true;
}

export interface ImportFlags extends OneEnvironmentFlags {
  dryRun?: true;
  yes?: true;
}

export interface StatusFlags extends EnvironmentFlags {
  json?: true;
}

/** `pve-home state` */
export function stateCommand(io: Io): Command {
  const state = new Command("state").description("Where Terraform's state is kept, and who holds its lock.");
  const run = async (work: (actions: typeof Run) => Promise<void>) => work(await import("./state-run.ts"));

  withEnvironments(state.command("status"))
    .description("Where each state is, its serial, and who holds its lock since when.")
    .option("--json", "print one JSON document instead of the table")
    .action((flags: StatusFlags) => run(({ runStatus }) => runStatus(io, flags)));

  withOneEnvironment(state.command("lock-test"))
    .description("Prove that the S3 store of the states keeps two who apply at once apart.")
    .addHelpText("after", lockTestHelp)
    .action((flags: OneEnvironmentFlags) => run(({ runLockTest }) => runLockTest(io, flags)));

  withOneEnvironment(state.command("migrate"))
    .description("Move an environment's state from its file into the S3 store, or back.")
    .option("--back", "bring the state back into its file")
    .option("--dry-run", "look, and print what would be done; change nothing")
    .option("-y, --yes", "do it without asking")
    .addHelpText("after", migrateHelp)
    .action((flags: MigrateFlags) => run(({ runMigrate }) => runMigrate(io, flags)));

  withOneEnvironment(state.command("import"))
    .description(
      "Take a guest into the state that is declared and exists on Proxmox, as after an apply cut short.",
    )
    .argument("<vmid>", "the guest's number on Proxmox", wholeNumber({ minimum: 100, example: 306 }))
    .option("--dry-run", "look, and print what would be done; change nothing")
    .option("-y, --yes", "do it without asking")
    .addHelpText("after", importHelp)
    .action(async (vmid: number, flags: ImportFlags) => {
      const { runImport } = await import("./import-run.ts");
      await runImport(io, vmid, flags);
    });
  return state;
}

const importHelp = `
Nothing is changed on Proxmox. The state gets the guest as if apply had created
it: what Proxmox does not return, such as its template, is taken from the code,
so that the next apply does not replace it.

Examples:
  pve-home state import --env lab 306

Exit codes: 0 done, or it was so already
            2 wrong usage or configuration, or the guest is another one
            3 something could not be determined · 4 declined or interrupted`;

const lockTestHelp = `
Several writes that ask for the same absent object are sent at once: exactly one
may win. It is released, and has to be won again. With --env the store of that
environment's backend is tried, else the one of pve-home.yaml. What the test
writes lies below .pve-home-lock-test/ and is removed.

Exit codes: 0 it excludes · 1 it does not: keep no state there
            2 wrong usage or configuration
            3 it cannot be asked, or a write was sent twice on its way`;

const migrateHelp = `
The store is the one of "state" in pve-home.yaml: a bucket with versioning. The
file stays where it is until the environment's own tool has read the same state
through the store; then it is put aside, never removed. Interrupted, it goes on
when it is called again. An environment that declares the store's own machine
keeps its state in the file.

Examples:
  pve-home state migrate --env prod --dry-run
  pve-home state migrate --env prod
  pve-home state migrate --env prod --back

Exit codes: 0 done, or it was so already · 2 refused
            3 something could not be determined · 4 declined or interrupted`;
