import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { generateHostKey } from "../../lab/host-key.ts";
import type { Finding } from "../../src/model/health.ts";
import { worstStatus } from "../../src/model/status.ts";
import {
  expectKnownCommands,
  expectOthersWell,
  type LabUnderTest,
  labUnderTest,
  rowsOf,
  statusesOf,
} from "./lab.test-helper.ts";

let under: LabUnderTest;

beforeAll(async () => {
  under = await labUnderTest();
});
afterAll(() => under.close());
beforeEach(() => under.reset());
afterEach(() => expectKnownCommands(under));

const vm = "web-001";
const dockerVm = "web-002";
const container = "web-004";

/** What SSH says of one guest that alone is asked. */
async function sshOf(component: string): Promise<Finding | undefined> {
  return rowsOf(await under.health({ selection: { components: [component] } }), component).ssh;
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
  expect(statusesOf(report, dockerVm)).toMatchObject({
    proxmox: "ok",
    ping: "skipped",
    ssh: "ok",
    docker: "ok",
    agent: "ok",
  });
  const ofContainer = statusesOf(report, container);
  expect(ofContainer).toMatchObject({ proxmox: "ok", ping: "skipped", ssh: "ok" });
  for (const check of ["docker", "agent"]) expect(ofContainer).not.toHaveProperty(check);
  expect(rowsOf(report, vm).ping).toMatchObject(loopback);
  const { requests } = await under.control.requests();
  expect(requests.filter(({ path }) => path.includes("cluster/resources"))).toHaveLength(1);
});

test("a stopped guest fails, and no connection to it is tried", async () => {
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
  expectOthersWell(report, under, dockerVm);
});

test("a guest that is gone fails", async () => {
  await under.control.delete(vm);
  const report = await under.health();
  expect(rowsOf(report, vm).proxmox).toMatchObject({ status: "fail", code: "guest-missing" });
  expectOthersWell(report, under, vm);
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
  expectOthersWell(report, under, vm);
});

test.each([vm, container])(
  "the key of %s, re-created, is refused until it is learned from Proxmox",
  async (name) => {
    await under.makeAnew(name);
    expect(await sshOf(name)).toMatchObject({
      status: "fail",
      code: "ssh-host-key-changed",
    });
    const outcomes = await under.trust();
    const changed = outcomes.filter(({ outcome }) => outcome !== "unchanged");
    expect(changed).toMatchObject([{ guest: name, outcome: "replaced", because: "re-created" }]);
    expect((await sshOf(name))?.status).toBe("ok");
  },
);

test("another key of the same guest is learned only with --replace", async () => {
  const guest = under.lab.world.guests[10_001];
  if (guest) guest.inside.hostKey = generateHostKey();
  await under.control.mend();
  const selection = { components: [vm] };
  expect(await under.trust({ selection })).toMatchObject([
    { outcome: "failed", problem: { code: "host-key-replaced-same-guest" } },
  ]);
  expect((await sshOf(vm))?.code).toBe("ssh-host-key-changed");
  expect(await under.trust({ selection, replace: true })).toMatchObject([
    { outcome: "replaced", because: "asked" },
  ]);
  expect((await sshOf(vm))?.status).toBe("ok");
});

test("another server at a guest's address is not learned: Proxmox knows the guest's own key", async () => {
  await under.control.break("host-key-changed", vm);
  expect(await under.trust({ selection: { components: [vm] } })).toMatchObject([{ outcome: "unchanged" }]);
  expect((await sshOf(vm))?.code).toBe("ssh-host-key-changed");
});

test("a guest that was never reached is unknown until its key is read", async () => {
  await rm(under.knownHostsFile);
  const report = await under.health();
  for (const { name } of under.inventory.guests) {
    expect(rowsOf(report, name).ssh).toMatchObject({
      status: "unknown",
      code: "ssh-host-key-unknown",
      hint: expect.stringMatching(`^pve-home hosts trust --env prod ${name}(;|$)`),
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
  expect(await sshOf(vm)).toMatchObject({ status: "fail", code: "ssh-denied" });
});

/** The service of the inventory that runs on a guest. */
function serviceOn(guest: string): string {
  const found = under.inventory.services.find((service) => service.guest === guest);
  if (found === undefined) throw new Error(`no service on ${guest}`);
  return found.name;
}

test.each([
  ["http-500", { status: "fail", code: "service-error", expected: "200", actual: "500" }],
  ["http-refused", { status: "fail", code: "service-unreachable" }],
])("%s: the service fails, its guest does not", async (fault, expected) => {
  await under.control.break(fault, vm);
  const report = await under.health({ timeoutMs: 1000 });
  const service = serviceOn(vm);
  expect(rowsOf(report, service).http).toMatchObject({ type: "service", ...expected });
  expectOthersWell(report, under, service);
});

test("a service whose guest is stopped is left out, for that reason", async () => {
  await under.control.stop(vm);
  const report = await under.health();
  const service = serviceOn(vm);
  expect(rowsOf(report, service).http).toMatchObject({
    status: "skipped",
    detail: `its guest ${vm}: stopped`,
  });
  expectOthersWell(report, under, vm, service);
});

test("a service whose guest boots is pending", async () => {
  await under.control.break("booting", vm);
  const report = await under.health({ timeoutMs: 1000, selection: { components: ["service"] } });
  const service = serviceOn(vm);
  expect(rowsOf(report, service).http).toMatchObject({
    status: "pending",
    code: "service-unreachable",
    detail: expect.stringMatching(`^its guest ${vm}: booting for \\d+ s: `),
  });
  expect(new Set(report.findings.map(({ type }) => type))).toEqual(new Set(["service"]));
});
