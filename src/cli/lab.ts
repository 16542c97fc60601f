import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import type { LabFacts } from "../../lab/lab.ts";
import type { Io } from "./io.ts";
import { listOption, numberOption } from "./options.ts";

interface LabFlags {
  dir?: string;
  json?: true;
}

interface UpFlags extends LabFlags {
  port: number;
  nodes: string[];
  guests: number;
  ownAddresses?: true;
  detach?: true;
  fresh?: true;
}

/** `pve-home lab`: the one command that knows the simulated Proxmox VE; it loads it only when asked to. */
export function labCommand(io: Io): Command {
  const lab = new Command("lab").description(
    "A simulated Proxmox VE to try everything on, and to break on purpose.",
  );
  const sub = (name: string, description: string) =>
    lab
      .command(name)
      .description(description)
      .option("--dir <folder>", "where the lab keeps its state (default: lab in the state directory)");

  sub("up", "start it, in the foreground until Ctrl-C")
    .addOption(numberOption("--port <number>", "port of the API", { minimum: 0 }).default(8006))
    .addOption(listOption("--nodes <names>", "names of the nodes, comma-separated").default(["pve1"], "pve1"))
    .addOption(numberOption("--guests <number>", "running guests to start with", { minimum: 0 }).default(0))
    .addOption(
      new Option(
        "--own-addresses",
        "put the guests' addresses on the loopback interface (root, or unshare -Urn)",
      ),
    )
    .option("--detach", "go to the background once it is up")
    .option("--fresh", "forget what an earlier run left")
    .option("--json", "print endpoint, tokens, certificate and SSH facts as JSON")
    .action((flags: UpFlags) => up(io, flags));
  sub("status", "what runs, and which faults are on")
    .option("--json", "print the facts, guests and faults as JSON")
    .action((flags: LabFlags) => status(io, flags));
  sub("break", "switch a fault on, or do by hand what somebody might")
    .argument("[fault]", "its name; without one the list is printed")
    .argument("[target]", "guest (name or id) or node, where the fault takes one")
    .action((fault: string | undefined, target: string | undefined, flags: LabFlags) =>
      breakIt(io, flags, fault, target),
    );
  sub("mend", "switch faults off")
    .argument("[fault]", "one fault; without it all")
    .argument("[target]", "only there")
    .action((fault: string | undefined, target: string | undefined, flags: LabFlags) =>
      mend(io, flags, fault, target),
    );
  sub("guest", "change a guest by hand, as somebody would in the web page")
    .argument("<action>", "start, stop, delete, recreate, create or set")
    .argument("<guest>", "name or id")
    .argument("[settings...]", "for set: key=value, for example memory=4096")
    .action((action: string, guest: string, settings: string[], flags: LabFlags) =>
      changeGuest(io, flags, action, guest, settings),
    );
  sub("down", "stop it; its state is kept").action((flags: LabFlags) => down(io, flags));
  return lab;
}
