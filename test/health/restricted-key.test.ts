import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { generateHostKey } from "../../lab/host-key.ts";
import { systemClock } from "../../src/connect/clock.ts";
import { createSshClient } from "../../src/connect/ssh/client.ts";
import { trustHost } from "../../src/connect/ssh/known-hosts.ts";
import type { SshClient } from "../../src/connect/ssh/types.ts";
import { upload } from "../../src/connect/ssh/upload.ts";
import type { Check } from "../../src/health/check.ts";
import { checks } from "../../src/health/checks/index.ts";
import { inventoryOf } from "../../src/health/health.test-helper.ts";
import { probeOf } from "../../src/health/probe.ts";
import { checkHealth } from "../../src/health/runner.ts";
import { Problem } from "../../src/model/problem.ts";
import { readIfThere, type Sshd, startSshd } from "./sshd.test-helper.ts";

// The system's OpenSSH client and server. Only `systemctl` is a stand-in: the machine that runs the tests need not have
// systemd, and no Docker to stop.

const timeoutMs = 30_000;
let sshd: Sshd;
let ordinary: SshClient;
let restricted: SshClient;
let installed: string;

beforeAll(async () => {
  sshd = await startSshd();
  installed = join(sshd.folder, "probe");
  const login = (options: string) => {
    const home = mkdtempSync(join(tmpdir(), "ssh-home-"));
    const { privateKey, publicKey } = generateHostKey();
    const identityFile = join(home, "key");
    writeFileSync(identityFile, privateKey, { mode: 0o600 });
    const knownHostsFile = join(home, "known_hosts");
    trustHost(knownHostsFile, sshd.target, sshd.hostKey);
    const settings = { identityFile, knownHostsFile, userConfigFile: null, concurrency: 4 };
    return { client: createSshClient(settings, { home }), line: `${options}${publicKey}` };
  };
  // As docs/restricted-key.md has it.
  const [first, second] = [login(""), login(`restrict,command="sh ${installed}" `)];
  sshd.authorize(first.line, second.line);
  ordinary = first.client;
  restricted = second.client;
});

afterAll(async () => {
  await ordinary?.close();
  await restricted?.close();
  await sshd?.close();
});

beforeEach(() => {
  install(probeOf(checks).script);
  systemctl("echo active");
});

function install(script: string) {
  writeFileSync(installed, script);
}

/** `undefined`: there is none, as far as the login can see. */
function systemctl(body: string) {
  writeFileSync(join(sshd.bin, "systemctl"), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** What the checks find out that ask the guest. */
async function health(ssh: SshClient): Promise<Record<string, unknown>> {
  const { host: address, port: ssh_port, user: ssh_user } = sshd.target;
  const inventory = inventoryOf({ address, ssh_port, ssh_user, docker: true });
  const proxmox = new Problem({
    kind: "undetermined",
    code: "token-missing",
    message: "there is no API token",
  });
  const [report] = await checkHealth({
    environments: [{ environment: "prod", inventory, proxmox, ssh }],
    checks,
    http: { exchange: () => Promise.reject(new Error("no service is declared")), close: () => undefined },
    timeoutMs,
    bootGraceMs: 0,
    concurrency: 4,
    clock: systemClock,
    log: () => undefined,
  });
  const asking = checks.filter(({ asks }) => asks === "guest" || asks === "login").map(({ name }) => name);
  const rows = report?.findings.filter(({ type, check }) => type === "vm" && asking.includes(check)) ?? [];
  return Object.fromEntries(rows.map(({ check, durationMs: _, ...rest }) => [check, rest]));
}

test.each([
  ["echo active", { ssh: { status: "ok" }, docker: { status: "ok" } }],
  ["echo failed; exit 3", { docker: { status: "fail", actual: "failed" } }],
  ["echo activating; exit 3", { docker: { status: "pending" } }],
  ["exit 127", { docker: { status: "unknown", code: "docker-unasked" } }],
  ["yes", { ssh: { status: "ok" }, docker: { status: "fail", code: "ssh-too-much" } }],
  ["exec sleep 60", { ssh: { status: "ok" }, docker: { status: "fail", code: "no-answer" } }],
])("a restricted key finds out what an ordinary login does: systemctl is %s", async (body, expected) => {
  systemctl(body);
  const [byLogin, byKey] = await Promise.all([health(ordinary), health(restricted)]);
  expect(byKey).toMatchObject(expected);
  expect(byKey).toEqual(byLogin);
});

test("a restricted key runs nothing but the probe, whatever is asked", async () => {
  const trace = join(sshd.folder, "trace");
  const options = { timeoutMs, stdin: `echo script >${trace}\n` };
  await ordinary.session(sshd.target).run(`echo command >${trace}`, options);
  expect(readIfThere(trace)).toBe("command\n");
  rmSync(trace);
  for (const command of [`echo command >${trace}`, "sh", "id", "internal-sftp"]) {
    const { stdout } = await restricted.session(sshd.target).run(command, options);
    expect(stdout).toContain(`@pve-home probe ${probeOf(checks).hash}\n`);
    expect(stdout).not.toContain("uid=");
    expect(readIfThere(trace)).toBeUndefined();
  }
});

test("an older probe on the guest is a warning, and what it does not ask is unknown", async () => {
  const older = checks.filter(({ name }) => name !== "docker");
  install(probeOf(older).script);
  expect(await health(restricted)).toMatchObject({
    ssh: {
      status: "warn",
      code: "probe-outdated",
      hint: expect.stringContaining("health --print-probe | ssh"),
    },
    docker: { status: "unknown", code: "probe-outdated" },
  });
  expect(await health(ordinary)).toMatchObject({ ssh: { status: "ok" }, docker: { status: "ok" } });
});

test("an older probe that asks the same question still answers it", async () => {
  const extra: Check = {
    asks: "guest",
    of: "guest",
    name: "extra",
    summary: "extra",
    question: "echo extra",
    judge: () => ({ status: "ok", detail: "" }),
  };
  install(probeOf([...checks, extra]).script);
  expect(await health(restricted)).toMatchObject({ ssh: { status: "warn" }, docker: { status: "ok" } });
});

test("files are uploaded through a real server", async () => {
  writeFileSync(join(sshd.bin, "id"), "#!/bin/sh\necho 0\n", { mode: 0o755 });
  const { uid, gid } = userInfo();
  const path = join(sshd.folder, "uploaded");
  const content = "line\n".repeat(200_000);
  await upload(ordinary.session(sshd.target), [{ path, content, mode: 0o640, owner: `${uid}:${gid}` }], {
    timeoutMs,
  });
  expect(readFileSync(path, "utf8")).toBe(content);
  expect(statSync(path).mode & 0o777).toBe(0o640);
  rmSync(join(sshd.bin, "id"));
});
