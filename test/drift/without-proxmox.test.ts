import { cpSync } from "node:fs";
import { join } from "node:path";
import { test as base, expect } from "vitest";
import { root } from "../../tools/private-copy.ts";
import { runChild } from "../../tools/programs/child.ts";
import { resolveProviders, resolveTool, toolEnvironment } from "../../tools/programs/index.ts";
import { type Desk, openDesk } from "../e2e/cli.test-helper.ts";
import { editFile } from "./lab-environments.ts";

// Code that needs no Proxmox, with plans of the real tool and its real providers, and no address of a Proxmox set.

interface Home {
  desk: Desk;
  /** Writes a file of the environment. */
  write(name: string, text: string): void;
  apply(): Promise<void>;
  /** What `drift --all` says: its exit code, and a line for each finding. */
  drift(): Promise<{ exitCode: number | null; found: string[]; document: Document }>;
}

interface Document {
  status: string;
  environments: { status: string; problem?: { code: string }; findings: Finding[] }[];
  unmanaged: unknown;
}

interface Finding {
  verdict: string;
  subject: string;
  detail: string;
  changes: { path: string }[];
}

const folder = "infrastructure/proxmox/environments/prod";

const test = base.extend("home", async ({ onTestFinished }): Promise<Home> => {
  const desk = openDesk("prod");
  onTestFinished(desk.close);
  const tool = await resolveTool("any");
  const { cliConfig } = await resolveProviders(["bpg/proxmox", "hashicorp/tls"]);
  desk.write(
    "pve-home.yaml",
    `environments: { prod: { tool: ${tool.kind}, program: ${tool.path}, cli_config: ${cliConfig} } }\nstate_directory: state\n`,
  );
  const terraform = async (...args: string[]) => {
    const env = toolEnvironment(cliConfig, desk.path("home"));
    const { code, output } = await runChild(tool.path, args, { cwd: desk.path(folder), env });
    if (code !== 0) throw new Error(output);
  };
  return {
    desk,
    write: (name, text) => desk.write(`${folder}/${name}`, text),
    async apply() {
      await terraform("init", "-input=false");
      await terraform("apply", "-auto-approve", "-input=false");
    },
    async drift() {
      const ran = await desk.run(["drift", "--all", "--json"]);
      const document: Document = JSON.parse(ran.stdout);
      const findings = document.environments.flatMap((environment) => environment.findings);
      const found = findings.map(({ verdict, subject, detail, changes }) =>
        [`${verdict} ${subject}: ${detail}`, ...changes.map(({ path }) => path)].join(" "),
      );
      return { exitCode: ran.exitCode, found, document };
    },
  };
});

const data = (name: string, input: string) => `resource "terraform_data" "${name}" { input = ${input} }\n`;

test("terraform_data that was changed, is orphaned or was never applied is pending", async ({ home }) => {
  home.write("main.tf", data("changed", "1") + data("orphan", "1") + data("kept", "1"));
  await home.apply();
  expect(await home.drift()).toMatchObject({
    exitCode: 0,
    found: [],
    document: { status: "ok", unmanaged: null },
  });
  home.write("main.tf", data("changed", "2") + data("fresh", "1") + data("kept", "1"));
  const { exitCode, found, document } = await home.drift();
  expect(found.toSorted()).toEqual([
    "pending terraform_data.changed: not applied yet input",
    "pending terraform_data.fresh: declared in the code, not created yet",
    "pending terraform_data.orphan: to be deleted, still there: the code no longer has it",
  ]);
  expect({ exitCode, status: document.status }).toEqual({ exitCode: 1, status: "drift" });
});

test("that of a module is reported where nothing else of the module is", async ({ home }) => {
  const module = (name: string, more: string) =>
    home.write(
      `modules/${name}/main.tf`,
      `variable "note" {}\nvariable "key" {}\n${data("note", "var.note")}${more}`,
    );
  module("keys", 'resource "tls_private_key" "this" { algorithm = var.key }\n');
  module("bare", "");
  const call = (name: string, note: string, key: string) =>
    `module "${name}" {\n  source = "./modules/${name}"\n  note = "${note}"\n  key = "${key}"\n}\n`;
  home.write("main.tf", call("keys", "a", "ED25519") + call("bare", "a", "-"));
  await home.apply();
  expect(await home.drift()).toMatchObject({ exitCode: 0, found: [] });
  home.write("main.tf", call("keys", "b", "ECDSA") + call("bare", "b", "-"));
  const { exitCode, found } = await home.drift();
  expect(exitCode).toBe(1);
  expect(found).toEqual([
    "pending module.bare.terraform_data.note: not applied yet input",
    expect.stringMatching(/^pending module\.keys\.tls_private_key\.this: to be replaced/),
  ]);
});

test("a certificate that time has made due is pending, and was not changed by hand", async ({ home }) => {
  home.write(
    "main.tf",
    `resource "tls_private_key" "ca" { algorithm = "ECDSA" }
resource "tls_self_signed_cert" "ca" {
  private_key_pem       = tls_private_key.ca.private_key_pem
  validity_period_hours = 48
  early_renewal_hours   = 1
  allowed_uses          = ["cert_signing"]
  subject { common_name = "ca" }
}
`,
  );
  await home.apply();
  expect(await home.drift()).toMatchObject({ exitCode: 0, found: [] });
  // As if it had been made long ago.
  const end = new Date(Date.now() + 30 * 60_000).toISOString();
  await editFile(home.desk.path(folder, "terraform.tfstate"), /("validity_end_time": ")[^"]+/, `$1${end}`);
  const { exitCode, found } = await home.drift();
  expect({ exitCode, found }).toEqual({
    exitCode: 1,
    found: [
      "pending tls_self_signed_cert.ca: to be replaced, because it is due for renewal ready_for_renewal",
    ],
  });
});

test("code with a Proxmox resource is unknown, because the address is not set", async ({ home }) => {
  cpSync(join(root, folder, "versions.tf"), home.desk.path(folder, "versions.tf"));
  home.write("main.tf", 'resource "proxmox_virtual_environment_pool" "this" { pool_id = "p" }\n');
  const { exitCode, document } = await home.drift();
  expect(exitCode).toBe(3);
  expect(document.environments[0]).toMatchObject({ problem: { code: "proxmox-endpoint-missing" } });
  expect(document.unmanaged).toMatchObject({ status: "unknown" });
  // The provider alone, with nothing of it declared, needs no Proxmox.
  home.write("main.tf", data("mine", "1"));
  expect(await home.drift()).toMatchObject({
    exitCode: 1,
    found: ["pending terraform_data.mine: declared in the code, not created yet"],
  });
  const plan = await home.desk.run(["plan", "--all", "--json"]);
  expect(plan, plan.stderr).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(plan.stdout)).toMatchObject({ status: "changes" });
});

test("another mistake in code with a Proxmox resource is reported as what it is", async ({ home }) => {
  cpSync(join(root, folder, "versions.tf"), home.desk.path(folder, "versions.tf"));
  home.write("main.tf", 'resource "proxmox_virtual_environment_pool" "this" { pool = "p" }\n');
  const { document } = await home.drift();
  expect(document.environments[0]).toMatchObject({ problem: { code: "terraform-invalid" } });
});
