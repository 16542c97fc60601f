import { type Command, InvalidArgumentError, Option } from "commander";
import { repeatedOption } from "./options.ts";

/** What every command that looks at environments takes. */
export interface EnvironmentFlags {
  env?: string[];
  all?: true;
  config?: string;
}

/** What a command takes that looks at one environment at a time. */
export interface OneEnvironmentFlags {
  env?: string;
  config?: string;
}

/** What a check takes besides. */
export interface CheckFlags extends EnvironmentFlags {
  dryRun?: true;
  verbose?: true;
  json?: true;
  html?: string;
  metricsDir?: string;
}

export function withEnvironments(command: Command): Command {
  return command
    .addOption(repeatedOption("-e, --env <name>", "an environment; may be repeated"))
    .option("-a, --all", "all environments")
    .addOption(configOption());
}

export function withOneEnvironment(command: Command): Command {
  const environment = new Option("-e, --env <name>", "the environment");
  return command.addOption(environment.argParser(onlyOnce)).addOption(configOption());
}

/** A command that changes something must not take the last of several words for what was meant. */
function onlyOnce(text: string, earlier: string | undefined): string {
  if (earlier === undefined) return text;
  throw new InvalidArgumentError(`One environment at a time, for example --env ${text}.`);
}

function configOption(): Option {
  return new Option(
    "--config <file>",
    "the configuration (default: pve-home.yaml here, above, or in /etc/pve-home)",
  );
}

export function withReports(command: Command): Command {
  return command
    .option("--dry-run", "print what would be done and sample data; open no connection, write nothing")
    .option("--json", "print one JSON document instead of the table")
    .option("--html <file>", "write a report that needs nothing but a browser")
    .option("--metrics-dir <folder>", "where the Prometheus metrics go")
    .option("-v, --verbose", "leave nothing out");
}
