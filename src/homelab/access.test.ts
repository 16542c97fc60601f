import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { generate } from "selfsigned";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TerraformRun, Workspace } from "../connect/terraform/types.ts";
import { Problem } from "../model/problem.ts";
import { loadConfiguration } from "./configuration.ts";
import { inventoryFromState } from "./inventory-source.ts";
import { metricsDirectory } from "./metrics-directory.ts";
import { proxmoxAccess } from "./proxmox-access.ts";
import { resolveSecret } from "./secret-reference.ts";
import { stateDirectory } from "./state-directory.ts";
import { stateStore } from "./state-store.ts";
import { connectedRun, terraformRun } from "./terraform-run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pve-home-homelab-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const token = "monitor@pve!health=0000-1111";

function configuration(text = "{}") {
  writeFileSync(join(folder, "pve-home.yaml"), text);
  return loadConfiguration(folder);
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Problem) return error;
  throw new Error(`no Problem, but ${String(error)}`);
}

async function addAuthority(): Promise<void> {
  writeFileSync(join(folder, "ca.pem"), (await generate([], { keyType: "ec" })).cert);
}

describe("a secret", () => {
  const look = (reference: string, environment = {}) =>
    resolveSecret(reference, { place: "pve-home.yaml: proxmox.api_token", folder, environment });

  test("comes from a variable, a file beside the configuration, or a command", async () => {
    writeFileSync(join(folder, "token"), "in-file-4159\n");
    expect((await look("env:TOKEN", { TOKEN: "in-variable-31" })).reveal()).toBe("in-variable-31");
    expect((await look("file:token")).reveal()).toBe("in-file-4159");
    const fromHome = `file:~/${relative(homedir(), join(folder, "token"))}`;
    expect((await look(fromHome)).reveal()).toBe("in-file-4159");
    expect((await look("cmd:echo by-command-2653", { PATH: process.env.PATH })).reveal()).toBe(
      "by-command-2653",
    );
  });

  test.each([
    ["env:NOT_SET", /not set/],
    ["file:nowhere", /ENOENT/],
    ["cmd:echo whisper; exit 3", /exited 3/],
    ["cmd:true", /empty/],
  ])(
    "%s leads nowhere: named, with a legal example, and nothing that the command printed",
    async (reference, reason) => {
      const problem = await problemOf(look(reference, { PATH: process.env.PATH }));
      expect(problem).toMatchObject({ kind: "configuration", code: "secret-unresolved" });
      expect(problem.message).toContain(reference.split(";")[0]);
      expect(problem.message).toMatch(reason);
      expect(problem.place).toBe("pve-home.yaml: proxmox.api_token");
      expect(problem.hint).toMatch(/for example/);
      expect(problem.message.replace(reference, "")).not.toContain("whisper");
    },
  );

  test("never shows itself", async () => {
    const secret = await look("env:TOKEN", { TOKEN: token });
    expect(`${secret} ${JSON.stringify({ secret })}`).not.toContain("1111");
  });
});

describe("access to Proxmox", () => {
  test("the file wins; the provider's variables fill in what it leaves out", async () => {
    const text = "proxmox: { endpoint: https://file:8006/ }";
    const access = await proxmoxAccess(
      configuration(text),
      {
        PROXMOX_VE_ENDPOINT: "https://variable:8006/",
        PROXMOX_VE_API_TOKEN: token,
        PROXMOX_VE_INSECURE: "true",
      },
      1000,
    );
    expect(access).toMatchObject({ endpoint: "https://file:8006/", tls: { kind: "off" }, timeoutMs: 1000 });
    expect(access.token.reveal()).toBe(token);
  });

  test("a fingerprint or a CA file is trusted, whatever PROXMOX_VE_INSECURE says", async () => {
    const pin = Array.from({ length: 32 }, () => "ab").join(":");
    const environment = { PROXMOX_VE_API_TOKEN: token, PROXMOX_VE_INSECURE: "true" };
    const endpoint = "endpoint: https://pve:8006/";
    const pinned = configuration(`proxmox: { ${endpoint}, tls: { fingerprint: "${pin}" } }`);
    expect((await proxmoxAccess(pinned, environment, 1)).tls).toEqual({
      kind: "fingerprint",
      sha256: pin.toUpperCase(),
    });
    await addAuthority();
    const ca = configuration(`proxmox: { ${endpoint}, tls: { ca_file: ca.pem } }`);
    expect((await proxmoxAccess(ca, environment, 1)).tls).toEqual({
      kind: "ca-file",
      path: join(folder, "ca.pem"),
    });
  });

  test("of several endpoints the first is asked first", async () => {
    const text = "proxmox: { endpoints: [https://one:8006, https://two:8006, https://three:8006] }";
    const environment = { PROXMOX_VE_API_TOKEN: token, PROXMOX_VE_ENDPOINT: "https://variable:8006/" };
    expect(await proxmoxAccess(configuration(text), environment, 1)).toMatchObject({
      endpoint: "https://one:8006",
      alternatives: ["https://two:8006", "https://three:8006"],
    });
  });

  test("what is missing is undetermined, what is wrong is configuration", async () => {
    const endpoint = { PROXMOX_VE_ENDPOINT: "https://pve:8006/" };
    expect(await problemOf(proxmoxAccess(configuration(), {}, 1))).toMatchObject({
      kind: "undetermined",
      code: "proxmox-endpoint-missing",
      hint: expect.stringContaining("PROXMOX_VE_ENDPOINT"),
    });
    expect(await problemOf(proxmoxAccess(configuration(), endpoint, 1))).toMatchObject({
      kind: "undetermined",
      code: "proxmox-token-missing",
    });
    expect(
      await problemOf(proxmoxAccess(configuration(), { PROXMOX_VE_ENDPOINT: "http://pve" }, 1)),
    ).toMatchObject({ kind: "configuration", message: expect.stringContaining('"http://pve"') });
    const bad = await problemOf(
      proxmoxAccess(configuration(), { ...endpoint, PROXMOX_VE_API_TOKEN: "hunter2" }, 1),
    );
    expect(bad).toMatchObject({ kind: "configuration", code: "proxmox-token-invalid" });
    expect(`${bad.message}${bad.hint}`).not.toContain("hunter2");
  });
});

describe("an environment's Terraform", () => {
  const add = (name: string, file = "main.tf", text = "") => {
    const directory = join(folder, "infrastructure/proxmox/environments", name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, file), text);
    return directory;
  };

  test("the tool is the setting's, else the lock file's, else the first on PATH", () => {
    add("prod");
    const directory = add("lab", ".terraform.lock.hcl", 'provider "registry.opentofu.org/bpg/proxmox" {}\n');
    const settings = configuration(
      "environments: { prod: {}, lab: {}, dmz: { tool: tofu, directory: dmz } }",
    );
    mkdirSync(join(folder, "dmz"));
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/tofu"), "");
    expect(terraformRun(settings, "lab", {})).toMatchObject({ tool: "tofu", directory });
    expect(terraformRun(settings, "dmz", {})).toMatchObject({ tool: "tofu", directory: join(folder, "dmz") });
    expect(terraformRun(settings, "prod", { PATH: join(folder, "bin") }).tool).toBe("tofu");
    expect(terraformRun(settings, "prod", { PATH: "/nowhere" }).tool).toBe("terraform");
  });

  test("a folder that is not there names the setting and an example", () => {
    const settings = configuration("environments: { prod: { directory: nowhere } }");
    expect(() => terraformRun(settings, "prod", {})).toThrow(/nowhere/);
  });

  test("what is kept in a store gets its keys and the settings beside it; what is local gets neither", async () => {
    const keys = { AWS_ACCESS_KEY_ID: "access", AWS_SECRET_ACCESS_KEY: "planted" };
    const directory = add("prod", "backend.tf", 'terraform {\n  backend "s3" {}\n}\n');
    add("prod", "backend.hcl", 'bucket = "b"\n');
    add("lab", "backend.hcl", 'bucket = "b"\n');
    await addAuthority();
    const settings = configuration("{ environments: { prod: {}, lab: {} }, state: { ca_file: ca.pem } }");
    const connected = await connectedRun(settings, "prod", keys);
    expect(connected.backend).toEqual({ file: join(directory, "backend.hcl") });
    expect(connected.environment).toMatchObject({ AWS_CA_BUNDLE: join(folder, "ca.pem") });
    expect(String(connected.environment.AWS_SECRET_ACCESS_KEY)).toBe("[secret]");
    expect(await connectedRun(settings, "lab", keys)).toEqual(terraformRun(settings, "lab", keys));
    expect(terraformRun(settings, "lab", keys)).toMatchObject({ environment: {} });
    expect(terraformRun(settings, "lab", keys)).not.toHaveProperty("backend");
    const half = configuration("{ environments: { prod: {} }, state: { access_key: env:NOT_SET } }");
    await expect(connectedRun(half, "prod", keys)).rejects.toMatchObject({ code: "secret-unresolved" });
  });

  test("the store of the states, and what is missing of it", async () => {
    const keys = { AWS_ACCESS_KEY_ID: "access", AWS_SECRET_ACCESS_KEY: "planted" };
    const whole = configuration("state: { endpoint: http://10.0.0.9:9000, bucket: states, prefix: home/ }");
    const store = await stateStore(whole, keys);
    expect(store).toMatchObject({ bucket: "states", connection: { region: "us-east-1" } });
    expect(store.keyOf("prod")).toBe("home/prod/terraform.tfstate");
    expect(JSON.stringify(store)).not.toContain("planted");
    await expect(stateStore(whole, {})).rejects.toMatchObject({
      kind: "undetermined",
      code: "state-keys-missing",
    });
    await expect(stateStore(configuration("state: { bucket: states }"), keys)).rejects.toMatchObject({
      kind: "configuration",
      code: "state-store-missing",
      message: expect.stringContaining("state.endpoint"),
    });
  });

  const run: TerraformRun = { directory: "/x/prod", tool: "tofu", environment: {} };
  const stateWith = (outputs: object) => async () =>
    ({ output: async () => outputs, dispose: async () => undefined }) as unknown as Workspace;

  test("without an inventory it was never applied; with another shape it says where", async () => {
    expect(await problemOf(inventoryFromState("prod", run, stateWith({})))).toMatchObject({
      kind: "undetermined",
      code: "inventory-missing",
      hint: expect.stringContaining("apply"),
    });
    const value = { schema_version: 2, environment: "prod", guests: [{ name: 1 }], services: [] };
    const problem = await problemOf(inventoryFromState("prod", run, stateWith({ inventory: { value } })));
    expect(problem).toMatchObject({
      code: "inventory-invalid",
      message: expect.stringMatching(/version 1 or 2: \w+/),
    });
  });
});

test("folders: the flag, the setting, what systemd and XDG say", () => {
  const settings = configuration("metrics: { directory: here }\nstate_directory: state");
  expect(metricsDirectory(settings, "/cwd", "there")).toBe("/cwd/there");
  expect(metricsDirectory(settings, "/cwd", undefined)).toBe(join(folder, "here"));
  expect(stateDirectory(settings, { STATE_DIRECTORY: "/var/lib/x" })).toBe(join(folder, "state"));
  const bare = configuration();
  expect(stateDirectory(bare, { STATE_DIRECTORY: "/var/lib/x" })).toBe("/var/lib/x");
  expect(stateDirectory(bare, { XDG_STATE_HOME: "/xdg" })).toBe("/xdg/pve-home");
});
