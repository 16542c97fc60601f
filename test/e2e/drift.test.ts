import { chmodSync, existsSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ControlClient, controlClient } from "../../lab/control-client.ts";
import { type RunningLab, startLab } from "../../lab/lab.ts";
import { type Desk, everythingIn, openDesk } from "./cli.test-helper.ts";

// What `pve-home drift` does when it cannot compare. What it finds is in test/drift.

let desk: Desk;
let lab: RunningLab;
let control: ControlClient;

beforeAll(async () => {
  desk = openDesk();
  lab = await startLab({ sshPort: 0 });
  control = controlClient(lab.facts);
  for (const name of ["prod", "lab"]) desk.write(`infrastructure/proxmox/environments/${name}/main.tf`, "");
  // A Terraform that only tells that it was started.
  desk.write("bin/terraform", `#!/bin/sh\ntouch ${desk.path("terraform-was-started")}\nexit 1\n`);
  chmodSync(desk.path("bin/terraform"), 0o755);
});
afterAll(async () => {
  await lab.close();
  desk.close();
});
beforeEach(async () => {
  await control.mend();
  rmSync(desk.path("metrics"), { recursive: true, force: true });
  rmSync(desk.path("terraform-was-started"), { force: true });
});

function drift(args: string[], settings: { endpoint?: string; token?: string; program?: string } = {}) {
  const {
    endpoint = lab.facts.endpoint,
    token = "api_token: file:token",
    program = desk.path("bin/terraform"),
  } = settings;
  desk.write("token", lab.facts.tokens.monitor);
  desk.write(
    "pve-home.yaml",
    `environments:
  prod: { tool: terraform, program: ${program} }
  lab: { tool: terraform, program: ${program} }
proxmox:
  endpoint: ${endpoint}
  ${token}
  tls: { ca_file: ${lab.facts.caFile} }
metrics: { directory: metrics }
state_directory: state
`,
  );
  return desk.run(["drift", ...args]);
}

const metrics = () => readFileSync(desk.path("metrics/pve_drift.prom"), "utf8");
const failedEverywhere = /^pve_drift_status\{env="lab"\} 2\npve_drift_status\{env="prod"\} 2$/m;

test("--dry-run: steps and sample rows; Proxmox sees nothing, Terraform is not started", async () => {
  await control.clearRequests();
  const ran = await drift(["--all", "--dry-run"]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ran.stdout).toMatch(/prod: what would be done[\s\S]*plan -detailed-exitcode[\s\S]*\[sample\]/);
  expect((await control.requests()).count).toBe(0);
  expect(existsSync(desk.path("terraform-was-started"))).toBe(false);
  expect(existsSync(desk.path("metrics"))).toBe(false);
});

describe("what cannot be determined is exit code 3, status 2 in the metrics, and said why", () => {
  test("no token", async () => {
    const ran = await drift(["--all"], { token: "" });
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/PROXMOX_VE_API_TOKEN/);
    expect(metrics()).toMatch(failedEverywhere);
    expect(metrics()).toMatch(/^pve_drift_last_check_timestamp\{env="prod"\} \d+$/m);
    expect(metrics()).not.toMatch(/^pve_drift_unmanaged/m);
  });

  test("no Terraform", async () => {
    const ran = await drift(["--all"], { program: desk.path("not-here") });
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/not-here/);
    expect(metrics()).toMatch(failedEverywhere);
  });

  test("nobody answers: told in seconds, without asking the provider", async () => {
    const ran = await drift(["--all"], { endpoint: "https://127.0.0.1:1/" });
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/127\.0\.0\.1:1 is not reachable/);
    expect(existsSync(desk.path("terraform-was-started"))).toBe(false);
    expect(metrics()).toMatch(failedEverywhere);
  });

  test("an API that hangs ends within its limit", async () => {
    await control.break("api-hang");
    const ran = await drift(["--all", "--timeout", "3"]);
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/did not answer/);
    expect(metrics()).toMatch(failedEverywhere);
  });

  test("one environment of two leaves strangers alone", async () => {
    const ran = await drift(["--env", "prod"], { program: desk.path("not-here") });
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).not.toMatch(/\(cluster\)/);
  });
});

test("no secret is in anything that was printed or written", () => {
  rmSync(desk.path("token"));
  expect(everythingIn(desk.folder)).not.toContain(lab.facts.tokens.monitor.split("=")[1]);
});
