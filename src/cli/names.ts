import { Command, Option } from "commander";
import type { NameFormat } from "../stack/names.ts";
import type { Io } from "./io.ts";
import { repeatedOption } from "./options.ts";

const formats = { hosts: 1, dnsmasq: 1, pihole: 1, adguard: 1, unbound: 1 } satisfies Record<NameFormat, 1>;

export interface NamesFlags {
  format: NameFormat;
  inventory?: string[];
  config?: string;
}

/** `pve-home names` */
export function namesCommand(io: Io): Command {
  return new Command("names")
    .description("DNS records for the services of all environments, as your DNS server takes them.")
    .addOption(
      new Option("--format <server>", "for whom").choices(Object.keys(formats)).makeOptionMandatory(),
    )
    .addOption(repeatedOption("--inventory <file>", "read what is declared from a file instead of Terraform"))
    .option("--config <file>", "the configuration (default: pve-home.yaml here, above, or in /etc/pve-home)")
    .addHelpText("after", help)
    .action(async (flags: NamesFlags) => {
      const { runNames } = await import("./names-run.ts");
      await runNames(io, flags);
    });
}

const help = `
Every service with a host name leads to the machine that runs Traefik.
docs/DNS-CONFIGURATION.md says where the output goes.

Examples:
  pve-home names --format hosts
  pve-home names --format dnsmasq > /etc/dnsmasq.d/pve-home.conf

Exit codes: 0 done
            2 wrong usage or configuration
            3 an inventory could not be read`;
