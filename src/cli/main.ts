import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { isProblem } from "../model/problem.ts";
import { commands } from "./commands.ts";
import { exitCodeOfProblem, exitCodes } from "./exit-code.ts";
import { type Io, processIo } from "./io.ts";
import { checkSurroundings } from "./surroundings.ts";

/** argv (without node and script) in, exit code out. */
async function main(argv: readonly string[], io: Io): Promise<number> {
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
async function tell(error: unknown, io: Io): Promise<number> {
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
    .configureHelp({ sortOptions: false, showGlobalOptions: false });
  for (const child of command.commands) inherit(child, io);
}

function usageOf(command: Command): string {
  return command.parent === null ? command.name() : `${usageOf(command.parent)} ${command.name()}`;
}

const interrupt = new AbortController();
const kill = new AbortController();
const io = processIo(interrupt.signal, kill.signal);
for (const signal of ["SIGINT", "SIGTERM", "SIGQUIT", "SIGHUP"] as const) process.on(signal, interrupted);

let asked = false;

function interrupted(signal: NodeJS.Signals): void {
  // A terminal that is closed sends SIGHUP more than once, itself and by its shell; only a person asks again.
  const person = signal !== "SIGHUP";
  const again = person && asked;
  asked ||= person;
  interrupt.abort();
  if (again) kill.abort();
  // What is under way gets a moment to clean up after itself; then the terminal comes back whatever happens.
  if (again || !io.finishing)
    setTimeout(() => process.exit(exitCodes.declined), again ? 3_000 : 5_000).unref();
  endChildren();
}

/** They run in groups of their own, which Ctrl-C does not reach. */
async function endChildren(): Promise<void> {
  const { killAllChildren } = await import("../connect/process.ts");
  killAllChildren();
  process.once("exit", () => killAllChildren("SIGKILL"));
}

let unwritten = false;
// A reader that goes away (`| head`, a terminal that is closed) is no failure; a full disk is.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (["EPIPE", "EIO"].includes(error.code ?? "")) return;
  io.log(`pve-home: the result could not be written: ${error.message}`);
  if (!io.finishing) process.exit(exitCodes.undetermined);
  unwritten = true;
});
// There is no other place to say it, and what is under way goes on.
process.stderr.on("error", () => undefined);
// Node would print it as it is, with whatever a server put into it.
process.on("uncaughtException", (error) => void tell(error, io).then((code) => process.exit(code)));
main(process.argv.slice(2), io).then((code) => {
  process.exitCode = unwritten && code === exitCodes.ok ? exitCodes.undetermined : code;
  // What was interrupted may still wait for answers that are not needed any more.
  if (interrupt.signal.aborted) process.exit();
});
