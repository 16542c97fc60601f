import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { processIo } from "../../src/cli/io.ts";
import { root } from "../../tools/private-copy.ts";
import { commandLines, misunderstood } from "./command-lines.ts";

const { signal } = new AbortController();
const program = new Command("pve-home").option("--version");
for (const command of commands) program.addCommand(command(processIo(signal, signal)));

const judged = (text: string) =>
  commandLines(text).flatMap(({ line, words }) => {
    const wrong = misunderstood(program, words);
    return wrong === undefined ? [] : [`${line}: ${wrong}`];
  });

/** Documents, modules and environments, the example of the settings, and every text of the program itself. */
function documents(): string[] {
  const folders = ["docs", "infrastructure", "src", "lab", "test/demo"];
  const inFolders = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(
        (entry) =>
          entry.isFile() && !/\.test\.|\.tftest\.|\/\.terraform/.test(join(entry.parentPath, entry.name)),
      )
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/^\//, "")),
  );
  return ["README.md", "CONTRIBUTING.md", "pve-home.example.yaml", ...inFolders].sort();
}

test("every pve-home … in documents, modules, examples and messages is a command line that exists", () => {
  const files = documents();
  const found = files.flatMap((file) => commandLines(readFileSync(join(root, file), "utf8")));
  expect(found.length).toBeGreaterThan(50);
  const wrong = files.flatMap((file) =>
    judged(readFileSync(join(root, file), "utf8")).map((complaint) => `${file}:${complaint}`),
  );
  expect(wrong).toEqual([]);
});

test.each([
  ["or from `pve-home deploy`.", ["1: pve-home has no command deploy"]],
  ["# comes by pve-home\n# deploy later", ["1: pve-home has no command deploy"]],
  ["a\n./pve-home health --al", ["2: pve-home health has no option --al"]],
  ["`pve-home state steal`", ["1: pve-home state has no command steal"]],
  ["`pve-home lab guest set web memory=4096` and `pve-home apply --env prod --yes`", []],
  ["`pve-home hosts trust --env NAME --replac`", ["1: pve-home hosts trust has no option --replac"]],
  ["pve-home is a tool; see pve-home.yaml and pve-home-prod", []],
])("%j", (text, complaints) => {
  expect(judged(text)).toEqual(complaints);
});
