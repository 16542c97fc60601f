import { execFileSync } from "node:child_process";
import { test as base, describe, expect } from "vitest";
import { type Desk, openDesk } from "./cli.test-helper.ts";

// What is too large, has no end or would be waited for is refused at once: exit code 2, and nothing written.

const test = base.extend("desk", ({ onTestFinished }) => {
  const desk = openDesk("prod");
  execFileSync("mkfifo", [desk.path("pipe")]);
  onTestFinished(desk.close);
  return desk;
});

const env = { PROXMOX_VE_ENDPOINT: "https://127.0.0.1:1/", PROXMOX_VE_API_TOKEN: "a@b!c=d" };

async function refused(desk: Desk, ...args: string[]): Promise<string> {
  const before = desk.files();
  const ran = await desk.run(args, { env });
  expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
  expect(desk.files()).toEqual(before);
  expect(ran.stderr.length).toBeLessThan(3000);
  return ran.stderr;
}

const settings = (desk: Desk, text: string) => desk.write("pve-home.yaml", text);

describe.concurrent.each([
  ["pipe", /pipe: it is a pipe/],
  ["/dev/zero", /\/dev\/zero: it is a device/],
])("%s", (file, said) => {
  test("as the configuration", async ({ desk }) => {
    expect(await refused(desk, "health", "--all", "--config", file)).toMatch(said);
  });

  test("as an inventory", async ({ desk }) => {
    expect(await refused(desk, "health", "--inventory", file)).toMatch(said);
    settings(desk, `environments: { prod: { inventory: "${file}" } }`);
    expect(await refused(desk, "health", "--all")).toMatch(said);
  });

  test("as a secret", async ({ desk }) => {
    settings(desk, `proxmox: { api_token: "file:${file}" }`);
    expect(await refused(desk, "health", "--all")).toMatch(/regular file/);
  });

  test("as exclusions", async ({ desk }) => {
    settings(desk, `health: { exclusions_file: "${file}" }`);
    expect(await refused(desk, "health", "--all")).toMatch(/exclusions file[\s\S]*regular file/);
  });

  test("as variables", async ({ desk }) => {
    settings(desk, `environments: { prod: { var_files: ["${file}"] } }`);
    expect(await refused(desk, "drift", "--all", "--dry-run")).toMatch(said);
  });

  test("as the settings of a backend", async ({ desk }) => {
    settings(desk, `environments: { prod: { backend: "${file}" } }`);
    expect(await refused(desk, "drift", "--all", "--dry-run")).toMatch(said);
  });

  test("as an authority", async ({ desk }) => {
    settings(desk, `proxmox: { tls: { ca_file: "${file}" } }`);
    expect(await refused(desk, "health", "--all")).toMatch(/CA file[\s\S]*regular file/);
  });

  test("as a key for the lab", async ({ desk }) => {
    expect(await refused(desk, "lab", "up", "--authorize", file)).toMatch(/regular file/);
  });
});

describe.concurrent("limits", () => {
  test("a pipe among the files of an environment", async ({ desk }) => {
    execFileSync("mkfifo", [desk.path("infrastructure/proxmox/environments/prod/more.tf")]);
    expect(await refused(desk, "drift", "--all", "--dry-run")).toMatch(/more\.tf: it is a pipe/);
  });

  test("a document that is too large", async ({ desk }) => {
    desk.write("large.json", " ".repeat(3 * 1024 * 1024));
    expect(await refused(desk, "health", "--inventory", "large.json")).toMatch(/larger than 2 MiB/);
  });

  test.for([
    ["health", "--timeout"],
    ["drift", "--timeout"],
    ["drift", "--lock-timeout"],
    ["plan", "--timeout"],
    ["plan", "--lock-timeout"],
  ] as const)("%s %s of more than a day", async ([command, flag], { desk }) => {
    for (const seconds of ["86401", "2147484", "1e300"]) {
      expect(await refused(desk, command, "--all", flag, seconds)).toMatch(/to 86400/);
    }
  });

  test.for(["health: { timeout", "health: { boot_grace", "drift: { timeout", "drift: { lock_timeout"])(
    "%s } of more than a day",
    async (setting, { desk }) => {
      settings(desk, `${setting}: 86401 }`);
      expect(await refused(desk, "health", "--all")).toMatch(/86400/);
    },
  );

  test("patterns that are too long", async ({ desk }) => {
    const long = "a".repeat(100_000);
    desk.write("prod.json", { schema_version: 1, environment: "prod", guests: [], services: [] });
    settings(desk, "environments: { prod: { inventory: prod.json } }");
    for (const flag of ["--exclude", "--component"]) {
      expect(await refused(desk, "health", "--all", flag, long)).toMatch(/longer than 500 characters/);
    }
    desk.write("exclusions", `${long}\n`);
    settings(desk, "health: { exclusions_file: exclusions }");
    expect(await refused(desk, "health", "--all")).toMatch(/longer than 500 characters/);
    for (const setting of [
      `ignore_unmanaged: [${long}]`,
      `noise: [{ resource: ${long}, reason: x, expires: 2030-01-01 }]`,
    ]) {
      settings(desk, `drift: { ${setting} }`);
      expect(await refused(desk, "drift", "--all")).toMatch(/500/);
    }
  });
});
