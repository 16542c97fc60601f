import { rmSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { FaultName } from "../world.ts";
import { makeGuest, makeKeys, makeWorld, startTestLab, type TestLab } from "./servers.test-helper.ts";

let lab: TestLab;
let keys: Awaited<ReturnType<typeof makeKeys>>;

beforeAll(async () => {
  keys = await makeKeys({ user: ["-t", "ed25519"] });
  const user = await keys.publicKey("user");
  const world = makeWorld(user);
  for (const vmid of [101, 102, 103]) world.guests[vmid] = makeGuest(vmid, "qemu", user);
  lab = await startTestLab(world, keys.folder);
});

beforeEach(async () => {
  lab.world.faults.length = 0;
  lab.servers.clearCommands();
  for (const vmid of [101, 102, 103]) {
    lab.world.guests[vmid] = makeGuest(vmid, "qemu", await keys.publicKey("user"));
  }
  lab.trust();
  await lab.servers.sync();
});

afterAll(async () => {
  await lab?.stop();
  rmSync(keys.folder, { recursive: true, force: true });
});

async function turnOn(name: FaultName, target = "101"): Promise<void> {
  lab.world.faults.push({ name, target });
  await lab.servers.sync();
}
const ssh = (vmid: number, command = "true", options: string[] = []) =>
  lab.client("ssh", [...options, lab.address(vmid), command]);

test.each(["ssh-refused", "booting"] as const)(
  "%s: the connection is refused, the neighbour answers",
  async (name) => {
    await turnOn(name);
    expect((await ssh(101)).err).toContain("Connection refused");
    expect((await ssh(102)).code).toBe(0);
  },
);

test("ssh-mute: accepted, then silence until the client gives up", async () => {
  await turnOn("ssh-mute");
  const ran = await ssh(101, "true", ["-o", "ConnectTimeout=1"]);
  expect(ran.code).toBe(255);
  expect(ran.err).toContain("Connection timed out");
  expect(ran.took).toBeGreaterThan(900);
});

test("ssh-hang: login works, the command never ends", async () => {
  await turnOn("ssh-hang");
  const ran = await lab.client("ssh", ["-v", lab.address(101), "sh"], "echo first\n", 1500);
  expect(ran.err).toContain("Authenticated to");
  // Ended by the limit: ssh exits 255 when it is told to stop.
  expect(ran).toMatchObject({ code: 255, out: "" });
  expect(ran.took).toBeGreaterThan(1400);
});

test("host-key-changed: the client refuses, and the other key is always the same", async () => {
  await turnOn("host-key-changed");
  const ran = await ssh(101);
  expect(ran.code).toBe(255);
  expect(ran.err).toContain("REMOTE HOST IDENTIFICATION HAS CHANGED");
  const again = await ssh(101);
  const shown = (text: string) => /SHA256:\S+/.exec(text)?.[0];
  expect(shown(again.err)).toBe(shown(ran.err));
  expect((await ssh(102)).code).toBe(0);
});

test("docker-down: the service has failed and its client cannot connect", async () => {
  await turnOn("docker-down");
  expect(await ssh(101, "systemctl is-active docker")).toMatchObject({ code: 3, out: "failed\n" });
  expect(await ssh(101, "systemctl is-system-running")).toMatchObject({ code: 1, out: "degraded\n" });
  expect(await ssh(101, "docker info")).toMatchObject({ code: 1, out: "" });
});

test("node-offline: the node and its guests are away", async () => {
  await turnOn("node-offline", "pve1");
  expect((await ssh(101)).err).toContain("Connection refused");
  expect((await lab.client("ssh", ["node", "true"])).err).toContain("Connection refused");
});

test("a stopped guest refuses, and so does a started one until it has booted", async () => {
  const guest = lab.world.guests["103"];
  if (!guest) throw new Error("no guest");
  guest.status = "stopped";
  delete guest.bootedAt;
  await lab.servers.sync();
  expect((await ssh(103)).err).toContain("Connection refused");
  Object.assign(guest, { status: "running", bootedAt: Date.now() });
  guest.inside.bootSeconds = 3600;
  await lab.servers.sync();
  expect((await ssh(103)).err).toContain("Connection refused");
  guest.bootedAt = Date.now() - 3_600_001;
  await lab.servers.sync();
  expect((await ssh(103)).code).toBe(0);
});

test("a re-created guest with the same number shows its new key", async () => {
  expect((await ssh(102)).code).toBe(0);
  lab.world.guests["102"] = makeGuest(102, "qemu", await keys.publicKey("user"));
  await lab.servers.sync();
  expect((await ssh(102)).err).toContain("IDENTIFICATION HAS CHANGED");
  lab.trust();
  expect((await ssh(102)).code).toBe(0);
});

test("power off cuts a connection that is open", async () => {
  const held = lab.client("ssh", [lab.address(103), "whoami; cat"], null);
  await expect.poll(() => lab.servers.commands().some(({ where }) => where === "qemu/103")).toBe(true);
  Object.assign(lab.world.guests["103"] ?? {}, { status: "stopped" });
  await lab.servers.sync();
  expect(await held).toMatchObject({ code: 255, out: "debian\n" });
});
