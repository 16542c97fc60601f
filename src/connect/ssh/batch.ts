import { randomInt } from "node:crypto";
import type { CommandResult } from "./types.ts";

/** What a shell is asked to do in one connection, and how its answers are read. */
export interface Batch {
  /** For the shell's stdin. */
  script: string;
  /** Takes stdout as it arrives. */
  read(text: string): void;
  /** The shell has started: whatever fails now is not the login. */
  loggedIn(): boolean;
}

/**
 * Each command is followed by a line that gives its exit code. The first is ours: what the login printed before
 * it is no answer to anything. Numbers start anywhere, so that no output can be mistaken for an answer.
 */
export function createBatch(
  commands: readonly string[],
  onAnswer: (index: number, result: CommandResult) => void,
): Batch {
  const first = randomInt(100_000, 900_000);
  let next = -1;
  let rest = "";
  return {
    script: ["true", ...commands].map((command, index) => step(command, first + index)).join(""),
    read: (text) => {
      rest += text;
      while (next < commands.length) {
        const answer = takeAnswer(rest, first + next + 1);
        if (answer === undefined) return;
        rest = answer.rest;
        if (next >= 0) onAnswer(next, answer.result);
        next += 1;
      }
    },
    loggedIn: () => next >= 0,
  };
}

function step(command: string, index: number): string {
  return `{ ${command}; } </dev/null 2>&1\nprintf '\\n@pve-home %s %s\\n' ${index} "$?"\n`;
}

function takeAnswer(text: string, index: number): { result: CommandResult; rest: string } | undefined {
  const start = `\n@pve-home ${index} `;
  const at = text.indexOf(start);
  const end = at < 0 ? -1 : text.indexOf("\n", at + start.length);
  if (end < 0) return undefined;
  const output = text.slice(0, at).replace(/\r?\n$/, "");
  return {
    result: { exitCode: Number(text.slice(at + start.length, end)), output },
    rest: text.slice(end + 1),
  };
}
