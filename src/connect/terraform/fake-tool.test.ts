import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { Secret } from "../../model/secret.ts";
import { fakeTool, makeEnvironment } from "./environment.test-helper.ts";
import type { TerraformRun } from "./types.ts";
import { toolVersion } from "./version.ts";
import { prepare } from "./workspace.ts";

// A stand-in for the tool: a shell script that writes down what it was given.

afterEach(() => {
  vi.unstubAllEnvs();
});

function runOf(
  tool: { program: string },
  more: Partial<TerraformRun> = {},
  files: Record<string, string> = {},
) {
  return { ...makeEnvironment({ "main.tf": "", ...files }), program: tool.program, ...more };
}

const log = (tool: { folder: string }) => readFileSync(join(tool.folder, "log"), "utf8").trim().split("\n");

const lockOf = (registry: string) =>
  `# made by init\nprovider "${registry}/bpg/proxmox" {\n  version = "0.111.1"\n}\n`;

test("a tool that is missing says how to get it", async () => {
  const run = { ...makeEnvironment({}), program: "/no/such/tofu", tool: "tofu" as const };
  await expect(prepare(run)).rejects.toMatchObject({
    kind: "undetermined",
    code: "terraform-missing",
    hint: expect.stringContaining("opentofu.org"),
  });
});

test.each(["1.9.8", "0.15.5"])("version %s is too old", async (version) => {
  await expect(toolVersion(runOf(fakeTool("", version)))).rejects.toMatchObject({
    code: "terraform-too-old",
    message: expect.stringContaining(version),
  });
});

test.each(["1.10.0", "1.10.0-beta1", "2.0.0"])("version %s will do", async (version) => {
  await expect(toolVersion(runOf(fakeTool("", version)))).resolves.toBe(version);
});

test("a program that is something else is its own problem", async () => {
  const tool = fakeTool("");
  writeFileSync(tool.program, "#!/bin/sh\necho hello\n");
  await expect(toolVersion(runOf(tool))).rejects.toMatchObject({
    code: "terraform-failed",
    hint: expect.stringContaining("really Terraform"),
  });
});

test.each([
  ["terraform", "registry.opentofu.org", "tofu"],
  ["tofu", "registry.terraform.io", "terraform"],
] as const)("%s refuses a folder whose lock file names %s", async (tool, registry, other) => {
  const run = runOf(fakeTool(""), { tool }, { ".terraform.lock.hcl": lockOf(registry) });
  await expect(prepare(run)).rejects.toMatchObject({
    kind: "configuration",
    code: "terraform-wrong-tool",
    hint: expect.stringContaining(`tool: ${other}`),
    place: join(run.directory, ".terraform.lock.hcl"),
  });
});

test("the arguments of init and plan, for a local state and for another backend", async () => {
  const tool = fakeTool("[ $1 = show ] && echo '{}'; exit 0");
  const local = await prepare(runOf(tool, { varFiles: ["/a/b.tfvars"] }));
  await local.plan();
  await local.dispose();
  const files = {
    "backend.tf": 'terraform {\n  backend "s3" {}\n}\n',
    ".terraform.lock.hcl": lockOf("registry.terraform.io"),
  };
  const remote = await prepare(runOf(tool, { backend: { file: "/etc/backend.hcl" } }, files));
  await remote.init();
  await remote.output().catch(() => undefined);
  const plan = `-out=${local.directory}/pve-home.tfplan`;
  const state = local.directory.slice(local.directory.indexOf("/tf-env-"));
  expect(log(tool)).toEqual([
    "version -json",
    "init -json -input=false",
    `plan -json -input=false -lock=false -detailed-exitcode ${plan} -state=${tmpdir()}${state}/terraform.tfstate -var-file=/a/b.tfvars`,
    `show -json ${local.directory}/pve-home.tfplan`,
    "version -json",
    "init -json -input=false -lockfile=readonly -backend-config=/etc/backend.hcl",
    "output -json -no-color",
  ]);
  await remote.dispose();
});

test("settings of a backend are never arguments", async () => {
  const tool = fakeTool('cat *.hcl >>"$here/hcl"; stat -c %a *.hcl >>"$here/hcl"');
  const settings = { secret_key: `a"b$\{c}` };
  const workspace = await prepare(runOf(tool, { backend: { settings } }));
  await workspace.init();
  expect(readFileSync(join(tool.folder, "hcl"), "utf8")).toBe('secret_key = "a\\"b$${c}"\n600\n');
  expect(log(tool).join()).not.toContain("secret_key");
  await workspace.dispose();
});

test("the child sees what it needs of the caller's environment, and no more", async () => {
  vi.stubEnv("TF_LOG", "TRACE");
  vi.stubEnv("TF_DATA_DIR", "/elsewhere");
  vi.stubEnv("TF_CLI_ARGS_plan", "-destroy");
  vi.stubEnv("TF_VAR_size", "1");
  vi.stubEnv("HTTPS_PROXY", "http://proxy:3128");
  vi.stubEnv("SOME_TOKEN", "secret");
  const tool = fakeTool('env >"$here/env"');
  const environment = { PROXMOX_VE_API_TOKEN: new Secret("tok"), PLAIN: "yes" };
  const workspace = await prepare(runOf(tool, { environment, cliConfigFile: "/cli.hcl" }));
  await workspace.init();
  const seen = readFileSync(join(tool.folder, "env"), "utf8").split("\n");
  const names = seen.map((line) => line.split("=")[0] ?? "");
  expect(seen).toEqual(
    expect.arrayContaining([
      "PROXMOX_VE_API_TOKEN=tok",
      "PLAIN=yes",
      "TF_VAR_size=1",
      "TF_CLI_CONFIG_FILE=/cli.hcl",
      "TF_IN_AUTOMATION=1",
      "TF_INPUT=0",
      "CHECKPOINT_DISABLE=1",
      "HTTPS_PROXY=http://proxy:3128",
      `HOME=${process.env.HOME}`,
    ]),
  );
  expect(names.filter((name) => /^(TF_LOG|TF_DATA_DIR|TF_CLI_ARGS|SOME_TOKEN)/.test(name))).toEqual([]);
  await workspace.dispose();
});

test("no Problem shows a secret that was handed in", async () => {
  const tool = fakeTool('echo "Error: the token $TOKEN is not accepted" >&2; exit 1');
  const workspace = await prepare(
    runOf(tool, { environment: { TOKEN: new Secret("root@pam!x=abcd-1234") } }),
  );
  const problem = await workspace.init().catch((error: unknown) => error);
  expect(String(problem)).toContain("the token [secret] is not accepted");
  await workspace.dispose();
});

test("what is not the JSON it should be is said so", async () => {
  const workspace = await prepare(runOf(fakeTool("echo surprise")));
  await expect(workspace.output()).rejects.toMatchObject({ code: "terraform-failed" });
  await workspace.dispose();
});

test("init runs once, however many calls need it", async () => {
  const tool = fakeTool("[ $1 = show ] && echo '{}'; exit 0");
  const workspace = await prepare(runOf(tool));
  await Promise.all([workspace.init(), workspace.plan()]);
  expect(log(tool).filter((line) => line.startsWith("init"))).toHaveLength(1);
  await workspace.dispose();
});

test("the copy has the configuration, its neighbours by link, and no state", async () => {
  const files = {
    "terraform.tfvars": `key = "$\{path.module}/../../../keys/id.pub"\n`,
    "templates/a.tftpl": "a",
    "terraform.tfstate": "{}",
    "terraform.tfstate.backup": "{}",
    ".terraform/terraform.tfstate": "{}",
    "old.tfplan": "x",
    "../../modules/vm/main.tf": "",
    "../../../keys/id.pub": "ssh-ed25519",
    "../../../other/file": "",
  };
  const run = runOf(fakeTool(""), {}, { ...files, "backend.tf": 'terraform {\n  backend "http" {}\n}\n' });
  const workspace = await prepare(run);
  const names = readdirSync(workspace.directory, { recursive: true, encoding: "utf8" }).sort();
  expect(names).toEqual(["backend.tf", "main.tf", "templates", "templates/a.tftpl", "terraform.tfvars"]);
  const beside = (path: string) => existsSync(join(workspace.directory, path));
  expect(["../../modules/vm/main.tf", "../../../keys/id.pub"].map(beside)).toEqual([true, true]);
  expect(beside("../../../other")).toBe(false);
  await workspace.dispose();
  expect(existsSync(join(run.directory, "../../modules/vm/main.tf"))).toBe(true);
});

test("a state that could be written nowhere else keeps its private copy", async () => {
  const tool = fakeTool('[ $1 = apply ] && echo "{}" >errored.tfstate; exit 0');
  const run = runOf(tool, {}, { "errored.tfstate/in-the-way": "" });
  const workspace = await prepare(run);
  const never = new AbortController().signal;
  const options = { lockTimeoutMs: 0, onEvent: () => undefined, interrupt: never, kill: never };
  const only = join(workspace.directory, "errored.tfstate");
  await expect(workspace.apply("plan", options)).rejects.toMatchObject({
    code: "state-unwritten",
    place: only,
  });
  await workspace.dispose();
  expect(readFileSync(only, "utf8")).toBe("{}\n");
});

test("a folder that is not there", async () => {
  const run = { ...runOf(fakeTool("")), directory: "/no/such/environment" };
  await expect(prepare(run)).rejects.toMatchObject({
    code: expect.stringMatching(/folder-missing|directory/),
  });
});
