import type { FoundCommand } from "../commands/command.ts";
import type { SeenCommand } from "../context.ts";
import type { Machine } from "../machine.ts";

/** One shell at work: who runs it where, and what it remembers. */
export interface Shell {
  /** The machine as it is now; undefined once it is gone. */
  machine(): Machine | undefined;
  user: string;
  variables: Map<string, string>;
  /** `$?` */
  status: number;
  exited: boolean;
  record(command: Omit<SeenCommand, "at" | "where">): void;
  /** The command of that name; undefined where there is none. */
  find(machine: Machine, name: string): FoundCommand | undefined;
  /** Resolves when commands may run; never while they are to hang. */
  mayRun(): Promise<void>;
}

export function makeShell(from: Pick<Shell, "machine" | "user" | "record" | "find" | "mayRun">): Shell {
  return { ...from, variables: new Map(), status: 0, exited: false };
}
