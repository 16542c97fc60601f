import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codeFolders, root } from "../../tools/private-copy.ts";
import { runChild } from "../../tools/programs/child.ts";
import { resolveTool } from "../../tools/programs/index.ts";
import { blocks } from "./hcl-blocks.ts";
import { exampleIn } from "./message-examples.ts";
import { runsOf, type TestRun, type Validation, validationsOf } from "./module-validations.ts";

const infrastructure = join(root, "infrastructure");
const folders = (await codeFolders(infrastructure)).map((code) => code.path);
const found = await Promise.all(
  folders.map(async (path) => ({
    path,
    validations: await validationsOf(join(infrastructure, path)),
    runs: await runsOf(join(infrastructure, path)),
    variables: await readFile(join(infrastructure, path, "variables.tf"), "utf8"),
  })),
);

/** What a message does not say that it has to. */
function missing({ variable, sensitive, message }: Validation): string[] {
  const names = new RegExp(`\\b${variable}\\b`).test(message.replaceAll(/\$\{[^}]*\}/g, ""));
  const literal = new RegExp(`\\b${variable} = (true|null)\\b`).test(message);
  const shows = new RegExp(`\\$\\{[^}]*\\bvar\\.${variable}\\b`).test(message) || literal;
  const hides = message.includes("(its value is not shown)") && !message.includes("${");
  const example = /\b(for example|use|set) \w+ = /.test(message);
  return [
    ...(names ? [] : ["its variable"]),
    ...((sensitive ? hides : shows) ? [] : ["the value"]),
    ...(example ? [] : ["an example"]),
  ];
}

test.each(found)("what $path refuses is named, shown, and followed by an example", ({ validations }) => {
  const lacking = validations.map((one) => [one.variable, missing(one), one.message] as const);
  expect(lacking.filter(([, what]) => what.length > 0)).toEqual([]);
});

/** Environments with the same variables.tf are tested once. */
function testsOf(variables: string): TestRun[] {
  return found.filter((one) => one.variables === variables).flatMap((one) => one.runs);
}

test.each(found)("each validation of $path has a value it accepts and one it refuses", (one) => {
  const runs = testsOf(one.variables);
  const untested = one.validations.filter(({ variable, hasDefault }, index, all) => {
    const accepted = hasDefault || runs.some((run) => run.sets.has(variable) && run.refused.length === 0);
    const refused = runs.filter((run) => run.refused.includes(variable)).length;
    const before = all.slice(0, index).filter((earlier) => earlier.variable === variable).length;
    return !accepted || refused <= before;
  });
  expect(untested).toEqual([]);
});

/** A plan with the example in place of the value in a run that passes, or with what all runs share. */
function exampleRuns({ path, validations, variables }: (typeof found)[number]): string[] {
  const runs = testsOf(variables).filter((run) => run.refused.length === 0);
  const declared = new Set(blocks("variable", variables).map((variable) => variable.name));
  return validations.flatMap(({ message }, index) => {
    const example = exampleIn(message);
    // Of an element's attribute, the rest of the element is not known here.
    if (example === undefined || !declared.has(example.name)) return [];
    const run = runs.find((one) => one.sets.has(example.name)) ?? runs[0];
    if (run === undefined) throw new Error(`no passing run in the tests of ${path}`);
    const assignment = `${example.name} = ${example.value}\n`;
    const sets = new Map([...run.sets, [example.name, assignment]]);
    return [
      `run "${example.name}_${index}" {\ncommand = plan\nvariables {\n${[...sets.values()].join("")}}\n}\n`,
    ];
  });
}

test.each(found)("what the messages of $path offer is accepted", async (one) => {
  const tool = await resolveTool("any");
  const dir = await mkdtemp(join(tmpdir(), "pve-home-examples-"));
  try {
    // Without resources there is no provider to wait for.
    await copyFile(join(infrastructure, one.path, "variables.tf"), join(dir, "variables.tf"));
    await mkdir(join(dir, "tests"));
    const runs = exampleRuns(one);
    await writeFile(join(dir, "tests", "examples.tftest.hcl"), runs.join("\n"));
    const { code, output } = await runChild(tool.path, ["test", "-no-color"], { cwd: dir });
    expect(code, output).toBe(0);
    expect(output).toContain(`${runs.length} passed, 0 failed`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test("validations and runs are found at all", () => {
  expect(found.flatMap((one) => one.validations).length).toBeGreaterThan(100);
  expect(found.flatMap((one) => one.runs).flatMap((run) => run.refused).length).toBeGreaterThan(100);
});
