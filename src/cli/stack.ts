import { Command, InvalidArgumentError, Option } from "commander";
import type { Io } from "./io.ts";
import { repeatedOption } from "./options.ts";

export interface StackFlags {
  config?: string;
  lab?: true;
  folder?: string;
}

export interface RenderFlags {
  config?: string;
  inventory?: string[];
  out?: string;
  json?: true;
}

export interface UpFlags extends StackFlags {
  inventory?: string[];
  port?: Record<string, number>;
  image?: Record<string, string>;
  yes?: true;
}

export interface StatusFlags extends StackFlags {
  json?: true;
}

export interface DownFlags extends StackFlags {
  purge?: true;
  yes?: true;
}

export interface SyncFlags extends StackFlags {
  inventory?: string[];
  dryRun?: true;
}

/** `pve-home stack` */
export function stackCommand(io: Io): Command {
  const stack = new Command("stack").description(
    "The monitoring stack: Prometheus, Alertmanager, Grafana, Loki, Traefik and Uptime Kuma, in Docker.",
  );
  const config = () =>
    new Option(
      "--config <file>",
      "the configuration (default: pve-home.yaml here, above, or in /etc/pve-home)",
    );
  const inventory = () =>
    repeatedOption("--inventory <file>", "read what is declared from a file instead of Terraform");
  const sub = (name: string, description: string) =>
    stack
      .command(name)
      .description(description)
      .option("--lab", "the stack that watches a simulated Proxmox VE")
      .option("--folder <folder>", "where its files and data are (default: stack in the state directory)")
      .addOption(config());

  stack
    .command("render")
    .description(
      "The files of the stack as the environment monitoring declares it; nothing has to be applied.",
    )
    .option("--out <folder>", "write them there; without it they are listed")
    .option("--json", "print all that is rendered as one JSON document")
    .addOption(inventory())
    .addOption(config())
    .action(async (flags: RenderFlags) => (await import("./stack-render.ts")).runRender(io, flags));

  sub("up", "Run the stack on this machine's Docker, or bring it up to date.")
    .addOption(
      new Option("--port <from=to>", "publish a port elsewhere, 80=8081; may be repeated").argParser(
        portPair,
      ),
    )
    .addOption(
      new Option("--image <service=image>", "another image for a service; may be repeated").argParser(
        imagePair,
      ),
    )
    .addOption(inventory())
    .option("-y, --yes", "do it without asking")
    .addHelpText("after", upHelp)
    .action(async (flags: UpFlags) => (await import("./stack-up.ts")).runUp(io, flags));

  sub("status", "Whether each service of the stack runs and is healthy.")
    .option("--json", "print one JSON document instead of the table")
    .addHelpText("after", statusHelp)
    .action(async (flags: StatusFlags) => (await import("./stack-run.ts")).runStatus(io, flags));

  sub("sync", "Give Uptime Kuma a monitor for each service of the inventories.")
    .addOption(inventory())
    .option("--dry-run", "look, and print what would be done; change nothing")
    .addHelpText("after", syncHelp)
    .action(async (flags: SyncFlags) => (await import("./stack-sync.ts")).runSync(io, flags));

  sub("down", "Stop the stack; its data is kept, that of --lab is not.")
    .option("--purge", "remove its data and its folder too")
    .option("-y, --yes", "do it without asking")
    .action(async (flags: DownFlags) => (await import("./stack-run.ts")).runDown(io, flags));
  return stack;
}

function portPair(text: string, earlier: Record<string, number> = {}): Record<string, number> {
  const [, from = "", to] = /^(\d+)=(\d+)$/.exec(text) ?? [];
  const port = Number(to);
  if (from === "" || port < 1 || port > 65_535) {
    throw new InvalidArgumentError("Expected a documented port and another, for example 80=8081.");
  }
  return { ...earlier, [from]: port };
}

function imagePair(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const [, service = "", image] = /^([a-z-]+)=(\S+)$/.exec(text) ?? [];
  if (image === undefined) {
    throw new InvalidArgumentError("Expected a service and an image, for example traefik=traefik:v3.7.9.");
  }
  return { ...earlier, [service]: image };
}

const upHelp = `
With --lab a simulated Proxmox VE is started as well, and pve-exporter and
health watch it: nothing else is needed. Without it the stack watches what the
inventories of all environments declare, on the Proxmox of the configuration.
A stack that runs is brought to what is declared: only what changed is
re-created or told to read its files again.

Examples:
  pve-home stack up --lab
  pve-home stack up --lab --port 80=8081
  pve-home stack up --image traefik=traefik:v3.7.9

Exit codes: 0 all healthy
            2 wrong usage or configuration; nothing was started
            3 it could not be brought up
            4 declined or interrupted`;

const statusHelp = `
Exit codes: 0 all services are healthy
            1 one of them is not
            2 wrong usage or configuration
            3 Docker cannot be asked`;

const syncHelp = `
Its own monitors are known by the first line of their description; no other is
changed or removed. Where Uptime Kuma has no user yet, the one of
stack.uptime_kuma in pve-home.yaml is made. Versions: 1.23 and 2.x.

Exit codes: 0 done
            2 wrong usage or configuration
            3 Uptime Kuma cannot be asked`;
