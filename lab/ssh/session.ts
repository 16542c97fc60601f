import type { ServerChannel, Session } from "ssh2";
import { hasFault } from "../core.ts";
import { findCommand } from "./commands/table.ts";
import type { SeenCommand, SshContext } from "./context.ts";
import { asUser } from "./files/permissions.ts";
import type { Machine } from "./machine.ts";
import { homeOf } from "./machine.ts";
import { serveSftp } from "./sftp.ts";
import { runScript, runText } from "./shell/run.ts";
import { makeShell, type Shell } from "./shell/shell.ts";
import { type Streams, streamInput } from "./shell/streams.ts";
import { runTerminal } from "./shell/terminal.ts";

export interface Login {
  context: SshContext;
  machine(): Machine | undefined;
  user: string;
  record(command: Omit<SeenCommand, "at" | "where">): void;
}

/** Answers the requests of one session: a command, a shell fed from stdin, or SFTP. */
export function serveSession(login: Login, session: Session): void {
  session.on("env", (accept) => accept?.());
  let terminal = false;
  session.on("pty", (accept) => {
    terminal = true;
    accept?.();
  });
  session.on("window-change", (accept) => accept?.());
  session.on("signal", (accept) => accept?.());
  session.on("exec", (accept, _reject, { command }) => {
    const channel = accept();
    if (channel) void serve(channel, login, terminal, (shell, streams) => runText(shell, command, streams));
  });
  session.on("shell", (accept) => {
    const channel = accept();
    const hostname = login.machine()?.hostname ?? "";
    if (channel && terminal)
      void serve(channel, login, true, (shell) => runTerminal(shell, channel, hostname));
    else if (channel) void serve(channel, login, false, runScript);
  });
  session.on("sftp", (accept) => {
    const machine = login.machine();
    login.record({ user: login.user, command: "sftp", known: true });
    const sftp = accept();
    if (machine === undefined || sftp === undefined || hangs(login)) return;
    const home = homeOf(login.user);
    serveSftp(sftp, () => asUser(login.machine()?.files ?? machine.files, login.user, home), home);
  });
}

async function serve(
  channel: ServerChannel,
  login: Login,
  terminal: boolean,
  work: (shell: Shell, streams: Streams) => Promise<number>,
): Promise<void> {
  channel.on("error", () => {});
  const open = () => !channel.destroyed && channel.writable;
  // On a terminal there is one output, and lines end as terminals want it.
  const shown = (data: string | Buffer) => (terminal ? data.toString().replace(/\r?\n/g, "\r\n") : data);
  const out = (data: string | Buffer) => void (open() && channel.write(shown(data)));
  const streams: Streams = {
    input: streamInput(channel),
    out,
    err: (data) => void (terminal ? out(data) : open() && channel.stderr.write(data)),
  };
  const shell = makeShell({
    machine: login.machine,
    user: login.user,
    record: login.record,
    find: findCommand,
    mayRun: () => (hangs(login) ? new Promise<void>(() => {}) : Promise.resolve()),
  });
  let code = 255;
  try {
    code = await work(shell, streams);
  } catch (error) {
    if (!open()) return;
    login.context.log?.(`a command failed in the lab: ${error instanceof Error ? error.stack : error}`);
    streams.err("lab: internal error\n");
  }
  if (!open()) return;
  channel.exit(code);
  channel.end();
  // What the client still sends has no reader, and the channel closes only once it is read.
  channel.resume();
}

function hangs(login: Login): boolean {
  const machine = login.machine();
  return machine !== undefined && hasFault(login.context.world, "ssh-hang", machine.target);
}
