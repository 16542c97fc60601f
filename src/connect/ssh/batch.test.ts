import { expect, test } from "vitest";
import { createBatch } from "./batch.ts";
import type { CommandResult } from "./types.ts";

/** The numbers of the marker lines of a script. */
const numbers = (script: string) =>
  [...script.matchAll(/@pve-home %s %s\\n' (\d+)/g)].map((match) => match[1]);

function batchOf(...commands: string[]) {
  const answers: [number, CommandResult][] = [];
  const batch = createBatch(commands, (index, result) => answers.push([index, result]));
  return { batch, answers, numbers: numbers(batch.script) };
}

test("the script runs each command by itself, without input, and marks its end", () => {
  const { batch, numbers } = batchOf("uptime");
  expect(batch.script.split("\n").slice(2)).toEqual([
    "{ uptime; } </dev/null 2>&1",
    `printf '\\n@pve-home %s %s\\n' ${numbers[1]} "$?"`,
    "",
  ]);
});

test("answers are passed on as they arrive, however the text is split", () => {
  const { batch, answers, numbers } = batchOf("a", "b");
  const text = `welcome\n\n@pve-home ${numbers[0]} 0\nout\nmore\n\n@pve-home ${numbers[1]} 3\n\n@pve-home ${numbers[2]} 0\n`;
  expect(batch.loggedIn()).toBe(false);
  for (const character of text) batch.read(character);
  expect(batch.loggedIn()).toBe(true);
  expect(answers).toEqual([
    [0, { exitCode: 3, output: "out\nmore" }],
    [1, { exitCode: 0, output: "" }],
  ]);
});

test("a long line is looked at once, however it is cut", () => {
  const { batch, answers, numbers } = batchOf("a");
  batch.read(`\n@pve-home ${numbers[0]} 0\n`);
  // Looked at again for each of them, this would take minutes.
  for (let count = 0; count < 300_000; count += 1) batch.read("x");
  batch.read(`\n@pve-home ${numbers[1]} 0\n`);
  expect(answers).toEqual([[0, { exitCode: 0, output: "x".repeat(300_000) }]]);
});

test("output that looks like an answer is none", () => {
  const { batch, answers, numbers } = batchOf("a");
  batch.read(`\n@pve-home ${numbers[0]} 0\n`);
  batch.read("text\n\n@pve-home 1 0\nmore\n");
  expect(answers).toEqual([]);
  batch.read(`\n@pve-home ${numbers[1]} 0\n`);
  expect(answers).toEqual([[0, { exitCode: 0, output: "text\n\n@pve-home 1 0\nmore" }]]);
});
