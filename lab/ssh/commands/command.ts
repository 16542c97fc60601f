import type { FileTree } from "../files/tree.ts";
import type { Machine } from "../machine.ts";
import type { Shell } from "../shell/shell.ts";
import type { Streams } from "../shell/streams.ts";

/** One call of a command. */
export interface Call {
  name: string;
  args: string[];
  machine: Machine;
  /** The machine's files as the user may use them. */
  files: FileTree;
  home: string;
  shell: Shell;
  streams: Streams;
}

export interface Answer {
  /** 0 where absent. */
  code?: number;
  out?: string | Buffer;
  err?: string;
}

type Run = (call: Call) => Answer | undefined | Promise<Answer | undefined>;

/** Answers by command name. undefined: the lab has no answer to these arguments, which counts as not found. */
export type CommandGroup = Record<string, Run>;

export interface FoundCommand {
  /** Not recorded: what a script says to itself. */
  silent: boolean;
  run: Run;
}
