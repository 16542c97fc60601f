import { rmSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeGuest, makeKeys, makeWorld, startTestLab, type TestLab } from "./servers.test-helper.ts";

let lab: TestLab;
let keys: Awaited<ReturnType<typeof makeKeys>>;

beforeAll(async () => {
  keys = await makeKeys({ user: ["-t", "ed25519"] });
  const user = await keys.publicKey("user");
  const world = makeWorld(user);
  world.guests["101"] = makeGuest(101, "qemu", user);
  world.guests["102"] = makeGuest(102, "lxc", user);
  world.guests["102"].inside.docker = "absent";
  world.guests["103"] = makeGuest(103, "qemu", user);
  world.guests["103"].inside.docker = "inactive";
  world.guests["101"].inside.files["/etc/motd"] = "welcome\n";
  lab = await startTestLab(world, keys.folder);
});

beforeEach(() => lab.servers.clearCommands());

afterAll(async () => {
  await lab?.stop();
  rmSync(keys.folder, { recursive: true, force: true });
});

const ask = async (vmid: number, command: string) => {
  const user = vmid === 102 ? "root" : "debian";
  const { code, out, err } = await lab.client("ssh", ["-l", user, lab.address(vmid), command]);
  return { code, out, err };
};

test("answers come from the guest's state, with real exit codes", async () => {
  const rows: [number, string, number, string][] = [
    [101, "true", 0, ""],
    [101, "systemctl is-active docker", 0, "active\n"],
    [103, "systemctl is-active docker.service", 3, "inactive\n"],
    [102, "systemctl is-active docker", 4, "inactive\n"],
    [101, "systemctl is-active docker nosuch", 0, "active\ninactive\n"],
    [101, "systemctl is-active --quiet ssh", 0, ""],
    [101, "systemctl is-system-running", 0, "running\n"],
    [101, "command -v docker", 0, "/usr/bin/docker\n"],
    [102, "command -v docker", 127, ""],
    [101, "docker ps -q", 0, ""],
    [101, "docker info --format '{{.ServerVersion}}'", 0, "29.0.1\n"],
    [101, "cat /etc/motd", 0, "welcome\n"],
    [101, "cat /etc/hostname", 0, "vm-101\n"],
    [102, "cat /etc/hostname", 0, "ct-102\n"],
    [101, "sha256sum /etc/motd", 0, "a1a4e2b8"],
    [101, "test -e /etc/motd && test -f /etc/motd && test -d /etc", 0, ""],
    [101, "[ -d /etc/motd ] || echo no", 0, "no\n"],
    [101, "ls /etc/motd", 0, "/etc/motd\n"],
    [101, "cloud-init status", 0, "status: done\n"],
    [101, "uname -s", 0, "Linux\n"],
    [101, "sudo -n id -u", 0, "0\n"],
    [101, "id -u", 0, "1000\n"],
    [101, "/bin/bash -c 'echo \"$HOME\"; exit 5'", 5, "/home/debian\n"],
  ];
  const answers = await Promise.all(rows.map(([vmid, command]) => ask(vmid, command)));
  for (const [index, [, command, code, out]] of rows.entries()) {
    const answer = answers[index];
    expect([command, answer?.code, answer?.err]).toEqual([command, code, ""]);
    if (command.startsWith("sha256sum")) expect(answer?.out).toMatch(/^[0-9a-f]{64} {2}\/etc\/motd\n$/);
    else expect([command, answer?.out]).toEqual([command, out]);
  }
  expect(lab.servers.commands().filter((seen) => !seen.known)).toEqual([]);
});

test("stderr is stderr", async () => {
  const missing = { code: 1, out: "", err: "cat: /nowhere: No such file or directory\n" };
  expect(await ask(101, "cat /nowhere")).toEqual(missing);
  expect(await ask(101, "cat /nowhere 2>/dev/null")).toEqual({ code: 1, out: "", err: "" });
  expect(await ask(101, "cat /nowhere 2>&1")).toEqual({ code: 1, out: missing.err, err: "" });
  const down = await ask(103, "docker ps");
  expect(down).toMatchObject({ code: 1, out: "" });
  expect(down.err).toContain("Cannot connect to the Docker daemon");
});

test("an unknown command is not found, and remembered", async () => {
  const answer = await ask(101, "frobnicate --now; systemctl dance");
  expect(answer).toEqual({
    code: 127,
    out: "",
    err: "sh: 1: frobnicate: not found\nsh: 1: systemctl: not found\n",
  });
  const seen = lab.servers.commands();
  expect(seen).toMatchObject([
    { where: "qemu/101", user: "debian", command: "frobnicate --now", known: false },
    { where: "qemu/101", user: "debian", command: "systemctl dance", known: false },
  ]);
  expect(seen[0]?.at).toBeGreaterThan(Date.now() - 60_000);
});

test("a script on stdin is answered line by line, each with its own exit code", async () => {
  const lines = [
    "systemctl is-active docker",
    "cat /nowhere",
    "systemctl is-active nosuch",
    "nosuch",
    "cat /etc/motd",
  ];
  const script = lines
    .map((line, index) => `{ ${line}; } </dev/null 2>&1\nprintf '\\n@pve-home %s %s\\n' ${index} "$?"\n`)
    .join("");
  const ran = await lab.client("ssh", [lab.address(101), "sh"], script);
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(ran.out).toBe(
    "active\n\n@pve-home 0 0\n" +
      "cat: /nowhere: No such file or directory\n\n@pve-home 1 1\n" +
      "inactive\n\n@pve-home 2 4\n" +
      "sh: 1: nosuch: not found\n\n@pve-home 3 127\n" +
      "welcome\n\n@pve-home 4 0\n",
  );
  expect(lab.servers.commands().map(({ command, known }) => [command, known])).toEqual([
    ...lines.map((line) => [line, line !== "nosuch"]),
    ["sh", true],
  ]);
});

test("a script's exit ends it, and its code is the command's", async () => {
  const ran = await lab.client("ssh", [lab.address(101), "sh -s"], "echo one\nexit 7\necho two\n");
  expect(ran).toMatchObject({ code: 7, out: "one\n" });
});

test("a login without a command reads the script too", async () => {
  const ran = await lab.client("ssh", ["-T", lab.address(101)], "hostname\n");
  expect(ran).toMatchObject({ code: 0, out: "vm-101\n" });
});

test("at a terminal, lines are echoed and answered", async () => {
  const ran = await lab.client("ssh", ["-tt", lab.address(101)], "hostname\rexit 3\r");
  expect(ran.code).toBe(3);
  expect(ran.out).toContain("debian@vm-101:~$ hostname\r\nvm-101\r\n");
});

test("time since boot agrees with itself", async () => {
  const booted = lab.world.guests["101"]?.bootedAt ?? 0;
  const since = await ask(101, "uptime -s");
  expect(Math.abs(Date.parse(`${since.out.trim()}Z`) - booted)).toBeLessThan(3000);
  const seconds = Number((await ask(101, "cat /proc/uptime")).out.split(" ")[0]);
  expect(Math.abs(seconds - (Date.now() - booted) / 1000)).toBeLessThan(5);
  expect((await ask(101, "uptime")).out).toMatch(/^ \d\d:\d\d:\d\d up {2}1:00,/);
  const first = await ask(101, "cat /proc/sys/kernel/random/boot_id");
  expect(first.out).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}\n$/);
  expect((await ask(103, "cat /proc/sys/kernel/random/boot_id")).out).not.toBe(first.out);
});

test("a hundred connections at once are all answered", { timeout: 180_000 }, async () => {
  const all = await Promise.all(Array.from({ length: 100 }, () => ask(101, "systemctl is-active docker")));
  expect(new Set(all.map(({ code, out, err }) => `${code} ${out}${err}`))).toEqual(new Set(["0 active\n"]));
});
