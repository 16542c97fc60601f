import { chmodSync, existsSync, readFileSync, rmSync } from "node:fs";
import { test as base, describe, expect } from "vitest";
import { controlClient } from "../../lab/control-client.ts";
import { startLab } from "../../lab/lab.ts";
import { everythingIn, openDesk } from "./cli.test-helper.ts";

// What `pve-home drift` does when it cannot compare. What it finds is in test/drift.

async function openHome() {
  const desk = openDesk("prod", "lab");
  const lab = await startLab({ sshPort: 0 });
  const token = lab.facts.tokens.monitor;
  desk.write("token", token);
  // A Terraform that only tells that it was started.
  desk.write("bin/terraform", `#!/bin/sh\ntouch ${desk.path("terraform-was-started")}\nexit 1\n`);
  chmodSync(desk.path("bin/terraform"), 0o755);

  function drift(args: string[], settings: { endpoint?: string; token?: string; program?: string } = {}) {
    const {
      endpoint = lab.facts.endpoint,
      token = "api_token: file:token",
      program = desk.path("bin/terraform"),
    } = settings;
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

  return {
    desk,
    control: controlClient(lab.facts),
    drift,
    metrics: () => readFileSync(desk.path("metrics/pve_drift.prom"), "utf8"),
    terraformWasStarted: () => existsSync(desk.path("terraform-was-started")),
    secret: token.split("=")[1] ?? token,
    async close() {
      await lab.close();
      desk.close();
    },
  };
}

// Each has a lab of its own, so that they can wait at the same time.
const test = base.extend("home", async ({ onTestFinished }) => {
  const home = await openHome();
  onTestFinished(home.close);
  return home;
});

// No secret is in anything that is printed or written.
test.afterEach(({ home: { desk, secret } }) => {
  rmSync(desk.path("token"));
  expect(desk.printed).not.toEqual([]);
  expect(everythingIn(desk.folder, ...desk.printed)).not.toContain(secret);
});

const failedEverywhere = /^pve_drift_status\{env="lab"\} 2\npve_drift_status\{env="prod"\} 2$/m;

test.concurrent("--dry-run: steps and sample rows; Proxmox sees nothing, Terraform is not started", async ({
  home: { desk, control, drift, terraformWasStarted },
}) => {
  const ran = await drift(["--all", "--dry-run"]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ran.stdout).toMatch(/prod: what would be done[\s\S]*plan -detailed-exitcode[\s\S]*\[sample\]/);
  expect((await control.requests()).count).toBe(0);
  expect(terraformWasStarted()).toBe(false);
  expect(existsSync(desk.path("metrics"))).toBe(false);
});

describe.concurrent("what cannot be determined is exit code 3, status 2 in the metrics, and said why", () => {
  test("no token", async ({ home: { drift, metrics } }) => {
    const ran = await drift(["--all"], { token: "" });
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/PROXMOX_VE_API_TOKEN/);
    expect(metrics()).toMatch(failedEverywhere);
    expect(metrics()).toMatch(/^pve_drift_last_check_timestamp\{env="prod"\} \d+$/m);
    expect(metrics()).not.toMatch(/^pve_drift_unmanaged/m);
  });

  test("no Terraform", async ({ home: { desk, drift, metrics } }) => {
    const ran = await drift(["--all"], { program: desk.path("not-here") });
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/not-here/);
    expect(metrics()).toMatch(failedEverywhere);
  });

  test("an endpoint that is not reachable: told without asking the provider", async ({
    home: { drift, metrics, terraformWasStarted },
  }) => {
    const ran = await drift(["--all"], { endpoint: "https://127.0.0.1:1/" });
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/127\.0\.0\.1:1 is not reachable/);
    expect(terraformWasStarted()).toBe(false);
    expect(metrics()).toMatch(failedEverywhere);
  });

  test("an API that hangs ends within its limit", async ({ home: { control, drift, metrics } }) => {
    await control.break("api-hang");
    const ran = await drift(["--all", "--timeout", "3"]);
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toMatch(/did not answer/);
    expect(metrics()).toMatch(failedEverywhere);
  });

  test("one environment of two leaves strangers alone", async ({ home: { desk, drift } }) => {
    const ran = await drift(["--env", "prod"], { program: desk.path("not-here") });
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).not.toMatch(/\(cluster\)/);
  });
});
