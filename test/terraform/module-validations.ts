import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { attributes, blocks, text } from "./hcl-blocks.ts";

export interface Validation {
  readonly variable: string;
  readonly sensitive: boolean;
  /** Its default is a value: what every run goes by that does not set it. */
  readonly hasDefault: boolean;
  /** Templates in it as they are written. */
  readonly message: string;
}

/** What a folder of Terraform code refuses, in the order of its files. */
export async function validationsOf(folder: string): Promise<Validation[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".tf")).sort();
  const hcl = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return hcl
    .flatMap((content) => blocks("variable", content))
    .flatMap(({ name, body }) =>
      blocks("validation", body).map((validation) => ({
        variable: name,
        sensitive: /^sensitive\s+= true$/m.test(body),
        hasDefault: /^default\s+= (?!null$)/m.test(body),
        message: text("error_message", validation.body) ?? "",
      })),
    );
}

export interface TestRun {
  readonly name: string;
  /** Assignments of the variables it sets, itself or by its file. */
  readonly sets: ReadonlyMap<string, string>;
  /** Variables it expects to be refused. */
  readonly refused: readonly string[];
}

/** The runs of a folder's tests. */
export async function runsOf(folder: string): Promise<TestRun[]> {
  const tests = join(folder, "tests");
  const files = (await readdir(tests)).filter((file) => file.endsWith(".tftest.hcl")).sort();
  const hcl = await Promise.all(files.map((file) => readFile(join(tests, file), "utf8")));
  return hcl.flatMap((content) => {
    const shared = variables(content);
    return blocks("run", content).map(({ name, body }) => {
      const expected = /^expect_failures\s+= \[([^\]]*)\]/m.exec(body)?.[1] ?? "";
      return {
        name,
        sets: new Map([...shared, ...variables(body)]),
        refused: [...expected.matchAll(/var\.(\w+)/g)].map((found) => found[1] ?? ""),
      };
    });
  });
}

function variables(hcl: string): Map<string, string> {
  return new Map(blocks("variables", hcl).flatMap((block) => [...attributes(block.body)]));
}
