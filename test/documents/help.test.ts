import { Command } from "commander";
import { expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import type { Io } from "../../src/cli/io.ts";
import { runProgram } from "../../src/cli/program.ts";

const { signal } = new AbortController();

/** What the program prints without a terminal: in 80 columns. */
async function printed(argv: readonly string[]): Promise<string> {
  const said: string[] = [];
  const io: Io = {
    out: (text) => void said.push(text),
    log: (line) => void said.push(line),
    width: 80,
    colour: false,
    interactive: false,
    confirm: async () => false,
    cwd: "/",
    env: {},
    exitCode: 0,
    interrupted: signal,
    killed: signal,
    finishing: false,
  };
  expect(await runProgram(argv, io)).toBe(0);
  return said.join("\n");
}

function names(command: Command, above: readonly string[] = []): string[][] {
  return command.commands.flatMap((child) => {
    const own = [...above, child.name()];
    return [own, ...names(child, own)];
  });
}

const program = new Command();
for (const command of commands) program.addCommand(command({} as Io));

test.each([[], ...names(program)].map((name) => [name.join(" "), name] as const))(
  "pve-home %s --help fits into 80 columns, and says what the command is for",
  async (_, name) => {
    const help = await printed([...name, "--help"]);
    expect(help).toMatch(/^Usage: pve-home .*\n\n\S.{10,}/);
    expect(help.split("\n").filter((line) => line.length > 80)).toEqual([]);
  },
);
