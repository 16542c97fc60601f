import type { Guest } from "../world.ts";
import { findCommand } from "./commands/table.ts";
import type { SeenCommand, SshContext } from "./context.ts";
import { guestMachine } from "./machine.ts";
import { runWords } from "./shell/run.ts";
import { makeShell } from "./shell/shell.ts";
import { bufferInput } from "./shell/streams.ts";

export interface GuestCommandResult {
  code: number;
  out: string;
  err: string;
}

/** Answers one command as root on a guest from its state, as over SSH; one that is not known gets 127 and is recorded. */
export async function runInGuest(
  context: SshContext,
  record: (command: Omit<SeenCommand, "at">) => void,
  guest: Guest,
  words: string[],
  input: string,
): Promise<GuestCommandResult> {
  const result: GuestCommandResult = { code: 255, out: "", err: "" };
  const where = `${guest.kind}/${guest.vmid}`;
  const shell = makeShell({
    machine: () => guestMachine(context, guest),
    user: "root",
    record: (command) => record({ where, ...command }),
    find: findCommand,
    mayRun: () => Promise.resolve(),
  });
  result.code = await runWords(shell, words, {
    input: bufferInput(input),
    out: (data) => {
      result.out += data.toString();
    },
    err: (data) => {
      result.err += data.toString();
    },
  });
  return result;
}
