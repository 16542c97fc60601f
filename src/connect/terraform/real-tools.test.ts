import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findTool } from "../../../tools/programs/index.ts";
import { Secret } from "../../model/secret.ts";
import { runChild } from "../process.ts";
import { makeEnvironment, prepared } from "./environment.test-helper.ts";
import { readLock } from "./state-lock.ts";
import type { TerraformRun } from "./types.ts";
import { toolVersion } from "./version.ts";

// The real tools with their built-in provider, which needs no download.

const tools = (await Promise.all([findTool("terraform"), findTool("tofu")])).filter(
  (tool) => tool !== undefined,
);
if (tools.length === 0) throw new Error("neither Terraform nor OpenTofu is there: npm test gets one");

const main = `
variable "size" {
  type      = number
  sensitive = true
}
module "one" {
  source = "../../modules/one"
  size   = var.size
}
output "inventory" { value = { size = nonsensitive(module.one.size), file = file("\${path.module}/files/a.txt") } }
output "hidden" {
  value     = var.size
  sensitive = true
}
`;
const moduleText = `
variable "size" { type = number }
resource "terraform_data" "this" { input = var.size }
output "size" { value = terraform_data.this.output }
`;

/** Every file of the user's folder with content and time of change. */
function snapshot(run: TerraformRun): Record<string, string> {
  const files = readdirSync(run.directory, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    files.map((name) => {
      const file = join(run.directory, name);
      const stat = statSync(file);
      return [name, `${stat.mtimeMs} ${stat.isFile() ? readFileSync(file, "utf8") : "folder"}`];
    }),
  );
}

const slow = 60_000;

describe.each(tools)("with $kind $version", ({ kind, path: program, version }) => {
  function environment(more: Record<string, string> = {}): TerraformRun {
    const files = { "main.tf": main, "terraform.tfvars": "size = 1\n", "files/a.txt": "text" };
    const run = makeEnvironment({ ...files, "../../modules/one/main.tf": moduleText, ...more });
    return { ...run, tool: kind, program };
  }

  function terraform(run: TerraformRun, ...args: string[]): void {
    const { status, stderr } = spawnSync(program, args, { cwd: run.directory, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  }

  /** An environment that was applied. */
  function applied(more: Record<string, string> = {}): TerraformRun {
    const run = environment(more);
    terraform(run, "init", "-input=false");
    terraform(run, "apply", "-auto-approve", "-input=false");
    return run;
  }

  test(
    "a plan of what was applied has no changes; one of other code has, and the user's folder stays as it was",
    async () => {
      const run = applied();
      const before = snapshot(run);
      const lines: string[] = [];
      const same = await (await prepared({ ...run, progress: (line) => lines.push(line) })).plan();
      expect(same.exitCode).toBe(0);
      expect(same.json).toMatchObject({ format_version: expect.any(String), terraform_version: version });
      expect(lines.join("\n")).toContain("Refreshing state");
      expect(snapshot(run)).toEqual(before);
      writeFileSync(join(run.directory, "terraform.tfvars"), "size = 2\n");
      const other = await (await prepared(run)).plan();
      expect(other.exitCode).toBe(2);
      expect(other.json).toMatchObject({
        resource_changes: [{ address: "module.one.terraform_data.this", change: { actions: ["update"] } }],
      });
    },
    slow,
  );

  test(
    "a check that does not hold is in the plan, with its message",
    async () => {
      const check = (name: string, condition: string) =>
        `check "${name}" {\n  assert {\n    condition     = ${condition}\n    error_message = "${name}: \${var.size + 1}"\n  }\n}\n`;
      const open = 'variable "size" { type = number }\n';
      const run = environment({
        "main.tf": `${open}${check("fails", "var.size > 1")}${check("holds", "var.size == 1")}`,
      });
      const { json } = await (await prepared(run)).plan();
      // As src/plan reads it.
      expect(json).toMatchObject({
        checks: expect.arrayContaining([
          {
            address: expect.objectContaining({ kind: "check", name: "fails" }),
            status: "fail",
            instances: [{ address: expect.anything(), status: "fail", problems: [{ message: "fails: 2" }] }],
          },
        ]),
      });
    },
    slow,
  );

  test(
    "outputs and state are read as they are stored, and a copy that is disposed of is gone",
    async () => {
      const run = applied();
      const workspace = await prepared(run);
      await expect(workspace.output()).resolves.toEqual({
        inventory: { value: { size: 1, file: "text" }, sensitive: false },
        hidden: { value: 1, sensitive: true },
      });
      await expect(workspace.state()).resolves.toMatchObject({
        values: { root_module: { child_modules: [{ address: "module.one" }] } },
      });
      expect(statSync(workspace.directory.split("/").slice(0, 3).join("/")).mode & 0o777).toBe(0o700);
      await workspace.dispose();
      expect(existsSync(workspace.directory)).toBe(false);
      expect(existsSync(join(run.directory, "terraform.tfstate"))).toBe(true);
    },
    slow,
  );

  test(
    "what was never applied has no outputs, an empty state, and a plan that creates",
    async () => {
      const workspace = await prepared(environment());
      await expect(workspace.output()).resolves.toEqual({});
      await expect(workspace.state()).resolves.toEqual({ format_version: "1.0" });
      await expect(workspace.plan()).resolves.toMatchObject({ exitCode: 2 });
    },
    slow,
  );

  test(
    "variables come from files and from the environment",
    async () => {
      const run = environment({ "terraform.tfvars": "", "more.vars": "size = 7" });
      const byFile = await prepared({ ...run, varFiles: [join(run.directory, "more.vars")] });
      expect((await byFile.plan()).json).toMatchObject({ variables: { size: { value: 7 } } });
      const byName = await prepared({ ...run, environment: { TF_VAR_size: new Secret("8") } });
      expect((await byName.plan()).json).toMatchObject({ variables: { size: { value: "8" } } });
    },
    slow,
  );

  test(
    "a local backend with a path of its own, and a selected workspace",
    async () => {
      const backend = 'terraform {\n  backend "local" {\n    path = "state/mine.tfstate"\n  }\n}\n';
      const own = applied({ "backend.tf": backend });
      expect(existsSync(join(own.directory, "state", "mine.tfstate"))).toBe(true);
      await expect((await prepared(own)).plan()).resolves.toMatchObject({ exitCode: 0 });
      const run = environment();
      terraform(run, "init");
      terraform(run, "workspace", "new", "blue");
      terraform(run, "apply", "-auto-approve");
      const workspace = await prepared(run);
      await expect(workspace.plan()).resolves.toMatchObject({ exitCode: 0 });
      await expect(workspace.output()).resolves.toMatchObject({ hidden: { value: 1 } });
    },
    slow,
  );

  test(
    "settings of the backend reach it by a file",
    async () => {
      const run = environment({ "backend.tf": 'terraform {\n  backend "local" {}\n}\n' });
      const path = join(run.directory, "elsewhere.tfstate");
      terraform(run, "init", `-backend-config=path=${path}`);
      terraform(run, "apply", "-auto-approve");
      const workspace = await prepared({ ...run, backend: { settings: { path } } });
      await expect(workspace.plan()).resolves.toMatchObject({ exitCode: 0 });
    },
    slow,
  );

  test(
    "a mistake in the configuration is named with file and line of the user's folder",
    async () => {
      const typo = environment({ "extra.tf": '\nresource "terraform_data" "x" {\n  inputs = 1\n}\n' });
      await expect((await prepared(typo)).plan()).rejects.toMatchObject({
        code: "terraform-invalid",
        message: expect.stringContaining("Unsupported argument"),
        place: `${join(typo.directory, "extra.tf")}:3`,
      });
      const syntax = environment({ "extra.tf": "resource {\n" });
      await expect((await prepared(syntax)).init()).rejects.toMatchObject({
        code: "terraform-invalid",
        place: expect.stringContaining("extra.tf:1"),
      });
      const unset = environment({ "terraform.tfvars": "" });
      await expect((await prepared(unset)).plan()).rejects.toMatchObject({
        code: "terraform-invalid",
        message: expect.stringContaining("No value for required variable"),
      });
    },
    slow,
  );

  test(
    "a provider that cannot be had is its own failure",
    async () => {
      const extra = 'terraform {\n  required_providers {\n    x = { source = "no/such" }\n  }\n}\n';
      const run = environment({ "extra.tf": extra });
      const cliConfigFile = join(run.directory, "cli.hcl");
      writeFileSync(
        cliConfigFile,
        `provider_installation {\n  filesystem_mirror { path = "${run.directory}" }\n}\n`,
      );
      await expect((await prepared({ ...run, cliConfigFile })).init()).rejects.toMatchObject({
        code: "terraform-init",
        hint: `run once: ${kind} -chdir=${run.directory} init`,
      });
    },
    slow,
  );

  test(
    "an abort ends the run with its reason",
    async () => {
      const controller = new AbortController();
      const progress = () => controller.abort(new Error("interrupted"));
      const workspace = await prepared({ ...applied(), signal: controller.signal, progress });
      await expect(workspace.plan()).rejects.toThrow("interrupted");
    },
    slow,
  );

  test(
    "installed providers are used again, without their registry",
    async () => {
      const extra = 'terraform {\n  required_providers {\n    x = { source = "no/such" }\n  }\n}\n';
      const run = environment({ "extra.tf": extra });
      const registry = kind === "tofu" ? "registry.opentofu.org" : "registry.terraform.io";
      const mirror = join(run.directory, "..", "mirror");
      const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
      const folder = join(mirror, registry, "no", "such", "1.0.0", platform);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "terraform-provider-such_v1.0.0"), "#!/bin/sh\n", { mode: 0o755 });
      const [cliConfigFile, empty] = ["cli.hcl", "empty.hcl"].map((name) => join(run.directory, "..", name));
      writeFileSync(
        cliConfigFile ?? "",
        `provider_installation {\n  filesystem_mirror { path = "${mirror}" }\n}\n`,
      );
      writeFileSync(
        empty ?? "",
        `provider_installation {\n  filesystem_mirror { path = "${mirror}-none" }\n}\n`,
      );
      const env = { ...process.env, TF_CLI_CONFIG_FILE: cliConfigFile };
      expect(spawnSync(program, ["init"], { cwd: run.directory, env }).status).toBe(0);
      const before = snapshot(run);
      await expect((await prepared({ ...run, cliConfigFile: empty ?? "" })).init()).resolves.toBeUndefined();
      expect(snapshot(run)).toEqual(before);
    },
    slow,
  );

  test(
    "a lock is reported while it is held, and not when only its note was left behind",
    async () => {
      const run = environment();
      const gate = join(run.directory, "..", "gate");
      const provisioner = `
      resource "terraform_data" "wait" {
        provisioner "local-exec" {
          command = "touch ${gate}.up; until [ -e ${gate} ]; do sleep 0.05; done"
        }
      }`;
      writeFileSync(join(run.directory, "wait.tf"), provisioner);
      terraform(run, "init");
      await expect(readLock(run)).resolves.toBeUndefined();
      const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
      const args = ["apply", "-auto-approve"];
      const apply = runChild({ program, args, cwd: run.directory, env });
      while (!existsSync(`${gate}.up`)) await new Promise((resolve) => setTimeout(resolve, 20));
      const lock = await readLock(run);
      const note = join(run.directory, ".terraform.tfstate.lock.info");
      const text = readFileSync(note, "utf8");
      writeFileSync(gate, "");
      expect((await apply).exitCode).toBe(0);
      expect(lock).toMatchObject({
        who: expect.stringContaining("@"),
        since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        operation: "OperationTypeApply",
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      await expect(readLock(run)).resolves.toBeUndefined();
      writeFileSync(note, text);
      if (existsSync("/proc/locks")) await expect(readLock(run)).resolves.toBeUndefined();
      writeFileSync(note, text.replace(/"Who":"[^"]*"/, '"Who":"ann@another-machine"'));
      await expect(readLock(run)).resolves.toMatchObject({ who: "ann@another-machine" });
    },
    slow,
  );

  test("the version", async () => {
    await expect(toolVersion(environment())).resolves.toBe(version);
  });
});
