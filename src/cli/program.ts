import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { isProblem } from "../model/problem.ts";
import { commands } from "./commands.ts";
import { exitCodeOfProblem, exitCodes } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { checkSurroundings } from "./surroundings.ts";

/** argv (without node and script) in, exit code out; the caller ends the process with it. */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  const program = new Command("pve-home")
    .description("Check and operate a Proxmox VE homelab that is declared in Terraform.")
    .version(packageJson.version, "--version", "print the version")
    .showSuggestionAfterError();
  for (const command of commands) program.addCommand(command(io));
  inherit(program, io);
  program.hook("preAction", () => checkSurroundings(io.env));
  try {
    await program.parseAsync(argv.length === 0 ? ["--help"] : [...argv], { from: "user" });
    return io.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    return tell(error, io);
  }
}

/** Says what was thrown; the exit code for it. */
export async function tell(error: unknown, io: Io): Promise<number> {
  const { problemOf } = await import("./problem-of.ts");
  const { renderProblem } = await import("../report/problem.ts");
  const problem = problemOf(error, io.interrupted.aborted);
  io.log(renderProblem(problem, { colour: io.colour }).trimEnd());
  return isProblem(problem) ? exitCodeOfProblem(problem.kind) : exitCodes.bug;
}

/** Commander gives settings like these only to commands it made itself. */
function inherit(command: Command, io: Io): void {
  command
    .exitOverride()
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.log(text.trimEnd()),
      getOutHelpWidth: () => Math.min(io.width, 100),
      getErrHelpWidth: () => Math.min(io.width, 100),
      outputError: (text, write) =>
        write(`pve-home: ${text.trim().replace(/^error: /, "")}\n  try: ${usageOf(command)} --help`),
    })
    .configureHelp({
      sortOptions: false,
      showGlobalOptions: false,
      subcommandTerm: (child) =>
        `${child.name()} ${child.usage().replaceAll(/\[(options|command)\] ?/g, "")}`.trim(),
    });
  for (const child of command.commands) inherit(child, io);
}

function usageOf(command: Command): string {
  return command.parent === null ? command.name() : `${usageOf(command.parent)} ${command.name()}`;
}
