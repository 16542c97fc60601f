import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../tools/private-copy.ts";

const modules = join(root, "infrastructure", "proxmox", "modules");
const names = [...(await readdir(modules)), "monitoring-stack/config"].filter((name) =>
  existsSync(join(modules, name, "README.md")),
);

/** Names of the blocks of one kind in a file, sorted. */
function blocks(kind: "variable" | "output", hcl: string): string[] {
  return [...hcl.matchAll(new RegExp(`^${kind} "(\\w+)" \\{`, "gm"))].map((found) => found[1] ?? "").sort();
}

/** Names in the first column of the table below a heading, sorted. */
function rows(heading: string, readme: string): string[] {
  const section = readme.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const cells = [...section.matchAll(/^\| ([\w\\]+) \|/gm)].map((found) =>
    (found[1] ?? "").replaceAll("\\", ""),
  );
  return cells.filter((cell) => cell !== "Name").sort();
}

test.each(names)("the README of module %s lists its inputs and outputs", async (name) => {
  const read = (file: string) => readFile(join(modules, name, file), "utf8");
  const readme = await read("README.md");
  expect(rows("Inputs", readme)).toEqual(blocks("variable", await read("variables.tf")));
  expect(rows("Outputs", readme)).toEqual(blocks("output", await read("outputs.tf")));
});

// Of a module without resources nothing can come back that its other tests do not show.
test.each(names.filter((name) => !name.includes("/")))(
  "module %s has the tests every module has",
  async (name) => {
    const tests = await readdir(join(modules, name, "tests"));
    expect(tests).toEqual(expect.arrayContaining(["regression.tftest.hcl", "validation.tftest.hcl"]));
  },
);

test.each(names)("no module %s hides drift of cloud-init", async (name) => {
  const files = (await readdir(join(modules, name))).filter((file) => file.endsWith(".tf"));
  for (const file of files) {
    expect(await readFile(join(modules, name, file), "utf8"), file).not.toMatch(
      /ignore_changes\s*=\s*(all|\[[^\]]*\binitialization\b(?!\[0\]\.user_account))/,
    );
  }
});
