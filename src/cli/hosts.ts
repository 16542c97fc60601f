import { Command } from "commander";
import { type EnvironmentFlags, withEnvironments } from "./flags.ts";
import type { Io } from "./io.ts";
import { repeatedOption } from "./options.ts";

export interface TrustFlags extends EnvironmentFlags {
  inventory?: string[];
  replace?: true;
  dryRun?: true;
  json?: true;
}

/** `pve-home hosts` */
export function hostsCommand(io: Io): Command {
  const hosts = new Command("hosts").description("Know the guests' SSH host keys before the first contact.");
  withEnvironments(hosts.command("trust"))
    .description("Read host keys through the QEMU agent or the node, and keep them.")
    .argument("[guests...]", "names or globs; all guests without")
    .option("--replace", "take a new key also where the guest is the same as before")
    .option("--dry-run", "read and compare, write nothing")
    .option("--json", "print one JSON document instead of the table")
    .addOption(repeatedOption("--inventory <file>", "read what is declared from a file instead of Terraform"))
    .action(async (guests: string[], flags: TrustFlags) => {
      const { runTrust } = await import("./hosts-run.ts");
      await runTrust(io, guests, flags);
    });
  return hosts;
}
