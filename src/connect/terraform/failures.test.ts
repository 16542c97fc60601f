import { expect, test } from "vitest";
import { type Stage, toolFailure } from "./failures.ts";
import type { TerraformRun } from "./types.ts";

const run: TerraformRun = { directory: "/env", tool: "terraform", environment: {} };

/** An error as Terraform 1.11 prints it with `-json`. */
function line(summary: string, detail: string, file?: string, more: { address?: string } = {}): string {
  const range = file === undefined ? {} : { range: { filename: file, start: { line: 3 } } };
  return JSON.stringify({
    "@level": "error",
    type: "diagnostic",
    diagnostic: { severity: "error", summary, detail, ...range, ...more },
  });
}

const failure = (stage: Stage, ...lines: string[]) =>
  toolFailure(run, stage, { stdout: lines.join("\n"), stderr: "" });

test.each([
  ["plan", "Error acquiring the state lock", "ConditionalCheckFailed", undefined, "terraform-locked"],
  [
    "plan",
    "error retrieving VM",
    "received an HTTP 401 response - Reason: authentication failure",
    "main.tf",
    "terraform-credentials",
  ],
  [
    "plan",
    "error retrieving VM",
    "received an HTTP 403 response - Reason: Permission check failed",
    "main.tf",
    "terraform-forbidden",
  ],
  [
    "plan",
    "Unable to create Proxmox VE API credentials",
    "must provide either username and password, an API token, or a ticket",
    "provider.tf",
    "terraform-credentials",
  ],
  ["init", "No valid credential sources found", "StatusCode: 403", undefined, "terraform-credentials"],
  [
    "plan",
    "failed to retrieve version",
    'Get "https://127.0.0.1:1/": dial tcp: connect: connection refused',
    "main.tf",
    "terraform-unreachable",
  ],
  ["plan", "failed", "dial tcp: lookup pve: no such host", undefined, "terraform-unreachable"],
  [
    "plan",
    "failed",
    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    undefined,
    "terraform-unreachable",
  ],
  [
    "plan",
    "failed",
    "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    undefined,
    "terraform-unreachable",
  ],
  [
    "init",
    "Failed to query available provider packages",
    "lookup registry.terraform.io: no such host",
    undefined,
    "terraform-init",
  ],
  [
    "init",
    "Failed to install provider",
    "the cached package does not match any of the checksums",
    undefined,
    "terraform-init",
  ],
  [
    "plan",
    "Inconsistent dependency lock file",
    "provider x: required by this configuration",
    undefined,
    "terraform-init",
  ],
  [
    "init",
    "Invalid single-argument block definition",
    "An argument definition…",
    "main.tf",
    "terraform-invalid",
  ],
  [
    "plan",
    "Unsupported argument",
    'An argument named "timeout" is not expected here.',
    "main.tf",
    "terraform-invalid",
  ],
  [
    "plan",
    "No value for required variable",
    "The root module input variable…",
    "variables.tf",
    "terraform-invalid",
  ],
  [
    "plan",
    "Invalid value for variable",
    "memory must be at least 512",
    "terraform.tfvars",
    "terraform-invalid",
  ],
  [
    "plan",
    "error retrieving VM 101",
    "received an HTTP 500 response - Reason: something",
    "main.tf",
    "terraform-failed",
  ],
] as const)("%s: %s, %s", (stage, summary, detail, file, code) => {
  expect(failure(stage, line(summary, detail, file))).toMatchObject({ kind: "undetermined", code });
});

test("a failure that validate blames on the configuration is one of it", () => {
  const output = { stdout: line("Odd", "timeout", "main.tf"), stderr: "" };
  expect(toolFailure(run, "plan", output, "invalid")).toMatchObject({
    code: "terraform-invalid",
    place: "/env/main.tf:3",
  });
});

test("the frame around the errors of init is none of them, and the others are counted", () => {
  const frame = line("Terraform encountered problems during initialisation, including problems", "");
  expect(failure("init", line("A", "first\nsecond"), line("B", ""), frame).message).toMatch(
    /: A: first \(and 1 more\)$/,
  );
});

test("text for people is read where there is no JSON, colours and frames left out", () => {
  const stderr = [
    "\u001b[31m╷\u001b[0m",
    "\u001b[31m│\u001b[0m \u001b[1mError: \u001b[0mInvalid precondition expression",
    "│ ",
    '│   on main.tf line 5, in resource "terraform_data" "a":',
    "│    5:      condition = 1 == 2",
    "│ ",
    "│ The condition expression must refer to at least one object.",
    "╵",
  ].join("\n");
  expect(toolFailure(run, "show", { stdout: "", stderr })).toMatchObject({
    code: "terraform-invalid",
    message: expect.stringMatching(/Invalid precondition expression: The condition expression must/),
    place: "/env/main.tf:5",
  });
});

test("no message at all is still a Problem", () => {
  expect(toolFailure(run, "plan", { stdout: "", stderr: "" })).toMatchObject({
    code: "terraform-failed",
    message: "Terraform plan: it failed: no message",
    place: "/env",
  });
});

test("a missing privilege is named with its path, each once, with the command that grants it", () => {
  const refused = (what: string) =>
    line("error creating VM", `received an HTTP 403 response - Reason: Permission check failed${what}`);
  const named = refused(" (/vms/201, VM.Config.CPU)");
  expect(failure("apply", named, named, refused(" (/, Sys.Modify)"))).toMatchObject({
    code: "terraform-forbidden",
    message: expect.stringContaining(
      "the token lacks VM.Config.CPU on /vms/201, Sys.Modify on /: error creating VM",
    ),
    hint: expect.stringContaining("--privs 'VM.Config.CPU Sys.Modify'"),
  });
});

test.each([
  ['module.vms["web"].proxmox_virtual_environment_vm.this', "the token lacks VM.Allocate on /vms:"],
  ['proxmox_download_file.this["a"]', "the token lacks Sys.AccessNetwork on /nodes:"],
  ["proxmox_virtual_environment_pool.a", "Proxmox refused it to the token:"],
])("where Proxmox names no privilege, the resource shows which: %s", (address, what) => {
  const text = "received an HTTP 403 response - Reason: Permission check failed";
  expect(failure("apply", line("failed", text, undefined, { address })).message).toContain(what);
});
