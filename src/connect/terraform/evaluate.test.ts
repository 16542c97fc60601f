import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { resolveTool } from "../../../tools/programs/index.ts";
import { ownName } from "../running-process.ts";
import { evaluate } from "./evaluate.ts";

async function desk() {
  const folder = mkdtempSync(join(tmpdir(), "pve-home-evaluate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const tool = await resolveTool("any");
  const write = (name: string, text: string) => {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write("modules/inner/files/hello.txt", "hello");
  write(
    "modules/inner/config/main.tf",
    'output "text" { value = file("${path.module}/../files/hello.txt") }\n',
  );
  write("environment/terraform.tfvars", "");
  const main = `variable "days" {
  type    = number
  default = 7
  validation {
    condition     = var.days > 0
    error_message = "days = \${var.days} is out of range, for example days = 7."
  }
}
module "inner" { source = "../modules/inner/config" }
output "text" { value = module.inner.text }
output "days" {
  value     = var.days
  sensitive = true
  precondition {
    condition     = var.days < 100
    error_message = "days = \${var.days} does not fit, for example days = 7."
  }
}
output "nothing" { value = null }
`;
  const run = {
    directory: join(folder, "environment"),
    tool: tool.kind,
    program: tool.path,
    environment: {},
  };
  const said: string[] = [];
  const given = (tfvars: string) =>
    evaluate(
      { ...run, progress: (line) => said.push(line) },
      {
        files: { "main.tf": main, "terraform.tfvars": tfvars },
        modules: join(folder, "modules"),
      },
    );
  return { folder, given, said };
}

test("outputs of a root module, sensitive ones too, and nothing is left", async () => {
  const { folder, given } = await desk();
  const ours = () => readdirSync(tmpdir()).filter((name) => name.includes(`-tf-${ownName()}`));
  const before = ours();
  expect(await given("days = 9\n")).toEqual({ text: "hello", days: 9, nothing: null });
  expect(ours()).toEqual(before);
  expect(readdirSync(join(folder, "environment"))).toEqual(["terraform.tfvars"]);
});

test("what a module refuses by a precondition is a mistake of the user's as well", async () => {
  const { given } = await desk();
  await expect(given("days = 100\n")).rejects.toMatchObject({
    kind: "configuration",
    message: expect.stringContaining("days = 100 does not fit"),
  });
});

test.each([
  ["days = 0\n", "days = 0 is out of range"],
  ["days = [\n", "terraform.tfvars"],
])("%j is a mistake of the user's, said with its place", async (tfvars, message) => {
  const { given } = await desk();
  const error = await given(tfvars).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "configuration", code: "terraform-invalid" });
  expect(`${(error as Error).message} ${(error as { place?: string }).place}`).toContain(message);
});

test("a value for a variable that does not exist is a warning with its name and file", async () => {
  const { given, said } = await desk();
  await given("days = 9\n");
  expect(said).toEqual([]);
  await given("day = 9\n");
  expect(said).toEqual([expect.stringMatching(/^warning: .*"day".*terraform\.tfvars/)]);
});
