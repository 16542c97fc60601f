import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { generateHostKey } from "../../lab/host-key.ts";
import { freePort } from "../../lab/ports.ts";
import type { Finding, HealthReport } from "../../src/model/health.ts";
import { worstStatus } from "../../src/model/status.ts";
import { labUnderTest } from "./lab.test-helper.ts";

let under: Awaited<ReturnType<typeof labUnderTest>>;

beforeAll(async () => {
  under = await labUnderTest();
});
afterAll(() => under.close());
beforeEach(() => under.reset());
afterEach(async () => {
  const unknown = (await under.control.commands()).filter((command) => !command.known);
  expect(unknown).toEqual([]);
});

const vm = "web-001";
const dockerVm = "web-002";
const container = "web-004";

function rowsOf(report: HealthReport, component: string): Record<string, Finding> {
  const rows = report.findings.filter((finding) => finding.component === component);
  return Object.fromEntries(rows.map((finding) => [finding.check, finding]));
}

function statusesOf(report: HealthReport, component: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rowsOf(report, component)).map(([check, finding]) => [check, finding.status]),
  );
}

/** Everything but the named guest is ok: its trouble is not theirs. */
function expectOthersWell(report: HealthReport, component: string) {
  const others = report.findings.filter((finding) => finding.component !== component);
  expect(others.filter(({ status }) => status !== "ok" && status !== "skipped")).toEqual([]);
  expect(new Set(others.map((finding) => finding.component)).size).toBe(7);
}

const loopback = { status: "skipped", detail: expect.stringContaining("loopback") };

test("a homelab that is well, with one question about all guests", async () => {
  const report = await under.health();
  expect(worstStatus(report.findings.map((finding) => finding.status))).toBe("ok");
  expect(report.findings.slice(0, 2).map((finding) => [finding.type, finding.check, finding.status])).toEqual(
    [
      ["node", "proxmox", "ok"],
      ["node", "proxmox", "ok"],
    ],
  );
  expect(statusesOf(report, dockerVm)).toEqual({
    proxmox: "ok",
    ping: "skipped",
    ssh: "ok",
    docker: "ok",
    agent: "ok",
  });
  expect(statusesOf(report, container)).toEqual({ proxmox: "ok", ping: "skipped", ssh: "ok" });
  expect(rowsOf(report, vm).ping).toMatchObject(loopback);
  const { requests } = await under.control.requests();
  expect(requests.filter(({ path }) => path.includes("cluster/resources"))).toHaveLength(1);
});

test("a stopped guest fails, and nobody tries to connect to it", async () => {
  await under.control.stop(dockerVm);
  const report = await under.health();
  expect(rowsOf(report, dockerVm).proxmox).toMatchObject({
    status: "fail",
    detail: "stopped",
    hint: expect.stringMatching(/qm start 10002/),
  });
  for (const check of ["ping", "ssh", "docker", "agent"]) {
    expect(rowsOf(report, dockerVm)[check]).toMatchObject({ status: "skipped", detail: "stopped" });
  }
  expectOthersWell(report, dockerVm);
});

test("a guest that is gone fails", async () => {
  const guest = structuredClone(under.lab.world.guests[10_001]);
  await under.control.delete(vm);
  try {
    const report = await under.health();
    expect(rowsOf(report, vm).proxmox).toMatchObject({ status: "fail", code: "guest-missing" });
    expectOthersWell(report, vm);
  } finally {
    if (guest) under.lab.world.guests[10_001] = guest;
  }
});

test("a guest that boots is pending and says for how long", async () => {
  await under.control.break("booting", dockerVm);
  const report = await under.health({ timeoutMs: 4000 });
  const rows = rowsOf(report, dockerVm);
  expect(statusesOf(report, dockerVm)).toMatchObject({ proxmox: "ok", ssh: "pending", agent: "pending" });
  expect(rows.ssh?.detail).toMatch(/^booting for \d+ s: /);
  expect(rows.docker?.status).toBe("skipped");
  expectOthersWell(report, dockerVm);
});

test("a guest that a backup has locked is pending where it does not answer", async () => {
  await under.control.break("backup-lock", vm);
  await under.control.break("ssh-refused", vm);
  const report = await under.health({ timeoutMs: 4000 });
  expect(statusesOf(report, vm)).toMatchObject({ proxmox: "ok", ssh: "pending", agent: "ok" });
  expect(rowsOf(report, vm).ssh?.detail).toMatch(/^locked by a backup: /);
  expectOthersWell(report, vm);
});

test("an API that cannot be reached is unknown; SSH is asked all the same", async () => {
  const report = await under.health({ endpoint: `https://127.0.0.1:${await freePort()}/`, timeoutMs: 4000 });
  expect(statusesOf(report, dockerVm)).toEqual({
    proxmox: "unknown",
    ping: "skipped",
    ssh: "ok",
    docker: "ok",
    agent: "skipped",
  });
  expect(rowsOf(report, vm).proxmox).toMatchObject({ code: "proxmox-unreachable" });
  expect(worstStatus(report.findings.map((finding) => finding.status))).toBe("unknown");
});

test("an API that hangs is unknown within the time limit; SSH is asked all the same", async () => {
  await under.control.break("api-hang");
  const report = await under.health({ timeoutMs: 3000 });
  expect(report.durationMs).toBeLessThan(5000);
  expect(rowsOf(report, vm).proxmox).toMatchObject({
    status: "unknown",
    detail: "no answer within 3 s",
    durationMs: 3000,
  });
  expect(statusesOf(report, dockerVm)).toMatchObject({ ssh: "ok", docker: "ok" });
});

test.each([
  ["ssh-hang", "logged in, and no answer within 3 s"],
  ["ssh-mute", "no login within 3 s"],
])("a guest with %s fails within the time limit: %s; the others appear", async (fault, detail) => {
  await under.control.break(fault, dockerVm);
  const report = await under.health({ timeoutMs: 3000 });
  expect(report.durationMs).toBeLessThan(5000);
  expect(rowsOf(report, dockerVm).ssh).toMatchObject({ status: "fail", detail });
  expect(rowsOf(report, dockerVm).docker?.status).toBe("skipped");
  expectOthersWell(report, dockerVm);
});

test("a changed host key says so, and how to go on", async () => {
  await under.control.break("host-key-changed", vm);
  const report = await under.health();
  expect(rowsOf(report, vm).ssh).toMatchObject({
    status: "fail",
    code: "ssh-host-key-changed",
    detail: expect.stringContaining("host key is not the one on record"),
    hint: expect.stringMatching(`^pve-home hosts trust --env prod ${vm}; if that says unchanged, another`),
  });
  expectOthersWell(report, vm);
});

test.each([vm, container])(
  "the key of %s, made anew, is refused until it is learned from Proxmox",
  async (name) => {
    await under.makeAnew(name);
    expect(rowsOf(await under.health(), name).ssh).toMatchObject({
      status: "fail",
      code: "ssh-host-key-changed",
    });
    const outcomes = await under.trust();
    const changed = outcomes.filter(({ outcome }) => outcome !== "unchanged");
    expect(changed).toMatchObject([{ guest: name, outcome: "replaced", because: "re-created" }]);
    expect(rowsOf(await under.health(), name).ssh?.status).toBe("ok");
  },
);

test("another key of the same guest is learned only when somebody says so", async () => {
  const guest = under.lab.world.guests[10_001];
  if (guest) guest.inside.hostKey = generateHostKey();
  await under.control.mend();
  const selection = { components: [vm] };
  expect(await under.trust({ selection })).toMatchObject([
    { outcome: "failed", problem: { code: "host-key-replaced-same-guest" } },
  ]);
  expect(rowsOf(await under.health(), vm).ssh?.code).toBe("ssh-host-key-changed");
  expect(await under.trust({ selection, replace: true })).toMatchObject([
    { outcome: "replaced", because: "asked" },
  ]);
  expect(rowsOf(await under.health(), vm).ssh?.status).toBe("ok");
});

test("somebody else at a guest's address is not learned: Proxmox knows the guest's own key", async () => {
  await under.control.break("host-key-changed", vm);
  expect(await under.trust({ selection: { components: [vm] } })).toMatchObject([{ outcome: "unchanged" }]);
  expect(rowsOf(await under.health(), vm).ssh?.code).toBe("ssh-host-key-changed");
});

test("a guest nobody has met is unknown until its key is read", async () => {
  await rm(under.knownHostsFile);
  const report = await under.health();
  for (const { name } of under.inventory.guests) {
    expect(rowsOf(report, name).ssh).toMatchObject({
      status: "unknown",
      code: "ssh-host-key-unknown",
      hint: `pve-home hosts trust --env prod ${name}`,
    });
  }
  under.trustNodes();
  const outcomes = await under.trust();
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(under.inventory.guests.map(() => "added"));
});

test("a failed Docker service and a silent agent fail by name", async () => {
  await under.control.break("docker-down", dockerVm);
  await under.control.break("agent-silent", vm);
  const report = await under.health();
  expect(statusesOf(report, dockerVm)).toMatchObject({ ssh: "ok", docker: "fail", agent: "ok" });
  expect(rowsOf(report, dockerVm).docker).toMatchObject({ expected: "active", actual: "failed" });
  expect(statusesOf(report, vm)).toMatchObject({ ssh: "ok", agent: "fail" });
});

test("a node that is offline is one message; its guests are not waited for", async () => {
  await under.control.break("node-offline", "pve2");
  const report = await under.health();
  expect(rowsOf(report, "pve2").proxmox).toMatchObject({ status: "fail", detail: "offline" });
  const guests = under.inventory.guests.filter((guest) => guest.node === "pve2");
  expect(guests.length).toBeGreaterThan(0);
  for (const { name } of guests) {
    expect(rowsOf(report, name).proxmox).toMatchObject({ status: "unknown", detail: "node pve2 is offline" });
    expect(rowsOf(report, name).ssh).toMatchObject({ status: "skipped", detail: "node pve2 is offline" });
  }
});

test("a login that is refused fails and says for whom", async () => {
  const guest = under.lab.world.guests[10_001];
  if (guest) guest.inside.files["/home/debian/.ssh/authorized_keys"] = "";
  expect(rowsOf(await under.health(), vm).ssh).toMatchObject({ status: "fail", code: "ssh-denied" });
});
