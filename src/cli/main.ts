import { exitCodes } from "./exit-code.ts";
import { processIo } from "./io.ts";
import { runProgram, tell } from "./program.ts";

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
runProgram(process.argv.slice(2), io).then((code) => {
  process.exitCode = unwritten && code === exitCodes.ok ? exitCodes.undetermined : code;
  // What was interrupted may still wait for answers that are not needed any more.
  if (interrupt.signal.aborted) process.exit();
});
