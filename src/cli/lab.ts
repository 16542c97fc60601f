import { Command, Option } from "commander";
import type { Io } from "./io.ts";
import type * as Run from "./lab-run.ts";
import { listOption, numberOption, repeatedOption } from "./options.ts";

export interface LabFlags {
  dir?: string;
  json?: true;
}

export interface UpFlags extends LabFlags {
  port: number;
  sshPort: number;
  listen?: string;
  nodes: string[];
  guests: number;
  authorize?: string[];
  ownAddresses?: true;
  machines?: string;
  detach?: true;
  fresh?: true;
}

/** `pve-home lab`: the one command that knows the simulated Proxmox VE. */
export function labCommand(io: Io): Command {
  const lab = new Command("lab").description("A simulated Proxmox VE: to try everything on, and to break.");
  const run = async (work: (actions: typeof Run) => Promise<void>) => work(await import("./lab-run.ts"));
  const sub = (name: string, description: string) =>
    lab
      .command(name)
      .description(description)
      .option("--dir <folder>", "where the lab keeps its state (default: lab in the state directory)");

  sub("up", "start it; Ctrl-C stops it, and its state is kept")
    .addOption(
      portOption(
        "--port <number>",
        "port of the first node's API, the others' after it; 0 takes free ones",
        8006,
      ),
    )
    .addOption(portOption("--ssh-port <number>", "port of all guests; 0 takes a free one", 2222))
    .option(
      "--listen <address>",
      "an address of this machine, besides 127.0.0.1, at which the APIs listen too",
    )
    .addOption(listOption("--nodes <names>", "its nodes, comma-separated").default(["pve1"], "pve1"))
    .addOption(
      numberOption("--guests <number>", "running guests to begin with", {
        minimum: 0,
        maximum: 10_000,
        integer: true,
      }).default(0),
    )
    .addOption(
      repeatedOption("--authorize <file>", "a public key that may log in on the nodes; may be repeated"),
    )
    .option("--own-addresses", "put the guests' addresses on the interface lo (as root, or in unshare -Urn)")
    .addOption(
      new Option(
        "--machines <image>",
        "guests are real machines under QEMU, in a network namespace of the lab's own: the folder that npm run guest-image printed, or a cloud image",
      ).conflicts("ownAddresses"),
    )
    .option("--detach", "return to the shell once it is up")
    .option("--fresh", "forget what an earlier run left: guests, files, secrets and certificate")
    .option("--json", "print endpoint, tokens, certificate and SSH facts as JSON")
    .action(async (flags: UpFlags) => (await import("./lab-up.ts")).up(io, flags));

  sub("status", "what runs, and which faults are on")
    .option("--json", "print facts, guests and faults as JSON")
    .action((flags: LabFlags) => run(({ status }) => status(io, flags)));

  sub("break", "switch a fault on")
    .argument("[fault]", "its name; without one the faults are listed")
    .argument("[target]", "a guest (name or number) or a node, for faults that have one")
    .action((fault: string | undefined, target: string | undefined, flags: LabFlags) =>
      run((actions) =>
        fault === undefined ? actions.listFaults(io) : actions.breakIt(io, flags, fault, target),
      ),
    );

  sub("mend", "switch faults off: all, one, or one at one target")
    .argument("[fault]")
    .argument("[target]")
    .action((fault: string | undefined, target: string | undefined, flags: LabFlags) =>
      run(({ mend }) => mend(io, flags, fault, target)),
    );

  sub("guest", "change a guest by hand, as in the web interface")
    .argument("<action>", "start, stop, delete, recreate, create, set or serve")
    .argument("<guest>", "its name or number; for create the name")
    .argument(
      "[settings...]",
      "for set: key=value as in Proxmox's configuration; for serve: a port on which it answers HTTP",
    )
    .addHelpText("after", "\nExample: pve-home lab guest set db memory=1024")
    .action((action: string, guest: string, settings: string[], flags: LabFlags) =>
      run(({ changeGuest }) => changeGuest(io, flags, action, guest, settings)),
    );

  sub("down", "stop it; its state is kept").action((flags: LabFlags) => run(({ down }) => down(io, flags)));
  return lab;
}

function portOption(flags: string, description: string, standard: number): Option {
  const limits = { minimum: 0, maximum: 65_535, integer: true, example: standard } as const;
  return numberOption(flags, description, limits).default(standard);
}
