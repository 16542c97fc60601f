import type { Duplex } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { runText } from "./run.ts";
import type { Shell } from "./shell.ts";
import { bufferInput } from "./streams.ts";

const controlC = "\x03";
const controlD = "\x04";
const backspace = "\x7f";

/** A shell for a terminal: echoes what is typed, runs each line, and ends by `exit` or Ctrl-D. */
export async function runTerminal(shell: Shell, terminal: Duplex, hostname: string): Promise<number> {
  const print = (data: string | Buffer) => void terminal.write(data.toString().replace(/\r?\n/g, "\r\n"));
  const prompt = () => print(`${shell.user}@${hostname}:~${shell.user === "root" ? "#" : "$"} `);
  const streams = { input: bufferInput(""), out: print, err: print };
  let line = "";

  /** True when the session is over. */
  async function take(key: string): Promise<boolean> {
    if (key === "\r" || key === "\n") {
      print("\n");
      await runText(shell, line, streams);
      line = "";
      if (shell.exited) return true;
      prompt();
    } else if (key === controlC) {
      line = "";
      print("^C\n");
      prompt();
    } else if (key === controlD && line === "") {
      print("logout\n");
      return true;
    } else if (key === backspace && line !== "") {
      line = line.slice(0, -1);
      print("\b \b");
    } else if (key >= " " && key !== backspace) {
      line += key;
      print(key);
    }
    return false;
  }

  print("This machine is simulated: a few commands answer from its state, nothing is executed.\n\n");
  prompt();
  for await (const chunk of terminal.iterator({ destroyOnReturn: false })) {
    // Arrow keys and the like come as escape sequences; there is no line editing.
    for (const key of stripVTControlCharacters(String(chunk))) {
      if (await take(key)) return shell.status;
    }
  }
  return shell.status;
}
