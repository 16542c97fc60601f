import { randomInt } from "node:crypto";
import { byLine } from "../lines.ts";
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
  let lines: string[] = [];
  const answered = (exitCode: string) => {
    // The line feed before the marker is ours, the one before that may be missing.
    const output = lines.join("\n").replace(/\r?\n$/, "");
    lines = [];
    if (next >= 0) onAnswer(next, { exitCode: Number(exitCode), output });
    next += 1;
  };
  return {
    script: ["true", ...commands].map((command, index) => step(command, first + index)).join(""),
    read: byLine((line) => {
      const marker = `@pve-home ${first + next + 1} `;
      if (next >= commands.length) return;
      if (line.startsWith(marker)) answered(line.slice(marker.length));
      else lines.push(line);
    }),
    loggedIn: () => next >= 0,
  };
}

function step(command: string, index: number): string {
  return `{ ${command}; } </dev/null 2>&1\nprintf '\\n@pve-home %s %s\\n' ${index} "$?"\n`;
}
