import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeGuest, makeKeys, makeWorld, startTestLab, type TestLab } from "./servers.test-helper.ts";

let lab: TestLab;
let keys: Awaited<ReturnType<typeof makeKeys>>;

beforeAll(async () => {
  keys = await makeKeys({ user: ["-t", "ed25519"] });
  const user = await keys.publicKey("user");
  const world = makeWorld(user);
  world.guests["101"] = makeGuest(101, "qemu", user, { pid: 4711 });
  world.guests["102"] = makeGuest(102, "lxc", user);
  world.guests["103"] = makeGuest(103, "lxc", user, { status: "stopped", lock: "backup" });
  world.storages["local-lvm"] = {
    storage: "local-lvm",
    type: "lvmthin",
    content: "images",
    shared: 0,
    totalBytes: 1,
    volumes: {},
  };
  lab = await startTestLab(world, keys.folder);
});

beforeEach(() => lab.servers.clearCommands());

afterAll(async () => {
  await lab?.stop();
  rmSync(keys.folder, { recursive: true, force: true });
});

const ask = (command: string, input = "") => lab.client("ssh", ["node", command], input);
const stored = () => join(lab.folder, "local/snippets");

// The shapes are those of bpg/proxmox v0.111.1, proxmox/ssh/client.go.
const bash = (script: string) => `/bin/bash -c '${script.replaceAll("'", `'"'"'`)}'`;
const functions = [
  '_try_sudo_check(){ if [ -z "$',
  '{_try_sudo_cached:-}" ]; then _try_sudo_use_sudo="$',
  '{TRY_SUDO_USE_SUDO:-0}"; _try_sudo_cached=1; fi; }; ',
  'try_sudo(){ _try_sudo_check; if [ "$_try_sudo_use_sudo" = "1" ]; then sudo "$@"; else "$@"; fi; }',
].join("");
const probe =
  'if [ "$(id -u)" = "0" ]; then echo "0"; elif [ $(sudo -n /usr/sbin/pvesm apiinfo 2>&1 | grep "APIVER" | wc -l) ' +
  '-gt 0 ] || sudo -n /usr/sbin/qm --help >/dev/null 2>&1; then echo "1"; else echo "0"; fi';
const upload = (target: string, prefix = "export TRY_SUDO_USE_SUDO=0; ") =>
  bash(`${prefix}${functions}; try_sudo /usr/bin/tee ${target}`);

test("a snippet uploaded as the provider does lies in the storage and in its listing", async () => {
  expect(await ask(bash(probe))).toMatchObject({ code: 0, out: "0\n" });
  const before = lab.changes();
  const sent = await ask(upload("/var/lib/vz/snippets/user.yaml"), "#cloud-config\n");
  expect(sent).toMatchObject({ code: 0, out: "#cloud-config\n", err: "" });
  expect(readFileSync(join(stored(), "user.yaml"), "utf8")).toBe("#cloud-config\n");
  expect(lab.world.storages.local?.volumes["local:snippets/user.yaml"]).toMatchObject({
    content: "snippets",
    format: "snippet",
    sizeBytes: 14,
  });
  expect(lab.changes()).toBeGreaterThan(before);
  const seen = await lab.client(
    "sftp",
    ["-q", "-b", "-", "node"],
    "ls -l /var/lib/vz/snippets/user.yaml\nchmod 640 /var/lib/vz/snippets/user.yaml\n",
  );
  expect(seen.out).toMatch(/ 14 .*user\.yaml/);
  expect(seen.code).toBe(0);
  expect(lab.servers.commands().filter(({ known }) => !known)).toEqual([]);
});

test("upload_mode sftp: folders are made, the file is created", async () => {
  writeFileSync(join(lab.folder, "b.yaml"), "b\n");
  const batch = `-mkdir /var/lib/vz/snippets\nput ${lab.folder}/b.yaml /var/lib/vz/snippets/b.yaml\nrename /var/lib/vz/snippets/b.yaml /var/lib/vz/snippets/c.yaml\n`;
  expect((await lab.client("sftp", ["-q", "-b", "-", "node"], batch)).code).toBe(0);
  const volumes = Object.keys(lab.world.storages.local?.volumes ?? {});
  expect(volumes).toContain("local:snippets/c.yaml");
  expect(volumes).not.toContain("local:snippets/b.yaml");
  await lab.client("sftp", ["-q", "-b", "-", "node"], "rm /var/lib/vz/snippets/c.yaml\n");
  expect(existsSync(join(stored(), "c.yaml"))).toBe(false);
});

test.each([
  "/var/lib/vz/snippets/../../../../etc/cron.d/evil",
  "/var/lib/vz/snippets/../../escaped",
  "/etc/passwd",
  "/var/lib/vz/escaped",
  "/var/lib/vz/snippets/link/escaped",
])("nothing is written outside the storage: %s", async (target) => {
  mkdirSync(stored(), { recursive: true });
  if (!existsSync(join(stored(), "link"))) symlinkSync(lab.folder, join(stored(), "link"));
  const before = readdirSync(lab.folder).sort();
  const ran = await ask(upload(target), "x");
  expect(ran.code).not.toBe(0);
  expect(ran.err).toMatch(/Permission denied|No such file/);
  const put = await lab.client("sftp", ["-q", "-b", "-", "node"], `put ${lab.folder}/config ${target}\n`);
  expect(put.code).not.toBe(0);
  expect(readdirSync(lab.folder).sort()).toEqual(before);
  expect(existsSync("/etc/cron.d/evil")).toBe(false);
});

test("pct exec reads a container's files while it runs", async () => {
  const key = await ask("pct exec 102 -- cat /etc/ssh/ssh_host_ed25519_key.pub");
  expect(key).toMatchObject({
    code: 0,
    out: `${lab.world.guests["102"]?.inside.hostKey.publicKey} root@ct-102\n`,
  });
  expect(await ask("pct exec 102 -- cat /nowhere")).toMatchObject({ code: 1 });
  expect(await ask("pct exec 103 -- cat /etc/hostname")).toMatchObject({
    code: 255,
    err: "container '103' not running!\n",
  });
  const missing = await ask("pct exec 999 -- true");
  expect(missing.err).toBe("Configuration file 'nodes/pve1/lxc/999.conf' does not exist\n");
  expect(missing.code).toBe(2);
});

test("qm and pct list what the world has", async () => {
  expect((await ask("qm list")).out).toBe(
    "      VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID       \n" +
      "       101 vm-101               running    2048              20.00 4711      \n",
  );
  expect((await ask("pct list")).out).toBe(
    "VMID       Status     Lock         Name                \n" +
      "102        running                 ct-102              \n" +
      "103        stopped    backup       ct-103              \n",
  );
  expect((await ask("qm status 101; pct status 103")).out).toBe("status: running\nstatus: stopped\n");
});

test("pvesm path and pveversion", async () => {
  expect((await ask("pvesm path local:snippets/a.yaml")).out).toBe("/var/lib/vz/snippets/a.yaml\n");
  expect((await ask("pvesm path local-lvm:vm-101-disk-0")).out).toBe("/dev/pve/vm-101-disk-0\n");
  expect(await ask("pvesm path nosuch:x")).toMatchObject({
    code: 255,
    err: "storage 'nosuch' does not exist\n",
  });
  expect((await ask("pveversion")).out).toMatch(/^pve-manager\/9\./);
});

test("a guest's commands are not a node's", async () => {
  expect((await ask("docker ps")).code).toBe(127);
  expect((await lab.client("ssh", [lab.address(101), "qm list"])).code).toBe(127);
});
