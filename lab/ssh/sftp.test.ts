import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { GuestInside } from "../world.ts";
import { makeGuest, makeKeys, makeWorld, startTestLab, type TestLab } from "./servers.test-helper.ts";

let lab: TestLab;
let keys: Awaited<ReturnType<typeof makeKeys>>;
let inside: GuestInside;
let local: string;

beforeAll(async () => {
  keys = await makeKeys({ user: ["-t", "ed25519"] });
  const user = await keys.publicKey("user");
  const world = makeWorld(user);
  world.guests["101"] = makeGuest(101, "qemu", user);
  world.guests["102"] = makeGuest(102, "lxc", user);
  inside = world.guests["102"].inside;
  lab = await startTestLab(world, keys.folder);
  local = join(lab.folder, "client");
  mkdirSync(local);
});

beforeEach(() => {
  inside.files = { "/root/.ssh/authorized_keys": inside.files["/root/.ssh/authorized_keys"] ?? "" };
  inside.modes = {};
});

afterAll(async () => {
  await lab?.stop();
  rmSync(keys.folder, { recursive: true, force: true });
});

const root = () => `root@${lab.address(102)}`;
const sftp = (batch: string, where = root()) => lab.client("sftp", ["-q", "-b", "-", where], batch);

test("put, get, ls, mkdir, rename, chmod and rm change the guest's files", async () => {
  writeFileSync(join(local, "up"), "hello\n");
  const before = lab.changes();
  const ran = await sftp(
    [
      "mkdir /opt/app",
      `put ${local}/up /opt/app/one`,
      "chmod 600 /opt/app/one",
      "rename /opt/app/one /opt/app/two",
      `get /opt/app/two ${local}/down`,
      "mkdir /opt/empty",
      "ls -l /opt/app",
      "ls -1 /opt",
      `put ${local}/up /opt/app/gone`,
      "rm /opt/app/gone",
      "rmdir /opt/empty",
    ].join("\n"),
  );
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(ran.out).toMatch(/-rw------- .* 6 .* two\n/);
  expect(ran.out).toContain("/opt/empty");
  expect(readFileSync(join(local, "down"), "utf8")).toBe("hello\n");
  expect(inside.files["/opt/app/two"]).toBe("hello\n");
  expect(inside.modes).toEqual({ "/opt/app/two": 0o600 });
  expect(Object.keys(inside.files).some((path) => /gone|empty|one/.test(path))).toBe(false);
  expect(lab.changes()).toBeGreaterThan(before);
});

test("rename replaces an existing file, so that delivery can be atomic", async () => {
  inside.files["/etc/app.conf"] = "old\n";
  inside.files["/etc/app.conf.new"] = "new\n";
  expect(await sftp("rename /etc/app.conf.new /etc/app.conf")).toMatchObject({ code: 0 });
  expect(inside.files["/etc/app.conf"]).toBe("new\n");
  expect(inside.files["/etc/app.conf.new"]).toBeUndefined();
});

test("large and binary content comes back byte for byte", async () => {
  const bytes = Buffer.from(Array.from({ length: 700_001 }, (_, index) => (index * 31) % 256));
  writeFileSync(join(local, "binary"), bytes);
  const ran = await sftp(
    `put ${local}/binary /root/binary\nget /root/binary ${local}/binary-back\nls -l /root/binary`,
  );
  expect(ran.code).toBe(0);
  expect(ran.out).toContain("700001");
  expect(readFileSync(join(local, "binary-back")).equals(bytes)).toBe(true);
  expect(inside.files["/root/binary"]?.startsWith("\0base64:")).toBe(true);
});

test("scp copies both ways, folders too", async () => {
  mkdirSync(join(local, "tree/sub"), { recursive: true });
  writeFileSync(join(local, "tree/a"), "A");
  writeFileSync(join(local, "tree/sub/b"), "B");
  expect(await lab.client("scp", ["-q", "-r", "-p", join(local, "tree"), `${root()}:/srv/`])).toMatchObject({
    code: 0,
    err: "",
  });
  expect(inside.files).toMatchObject({ "/srv/tree/a": "A", "/srv/tree/sub/b": "B" });
  const back = await lab.client("scp", ["-q", "-r", `${root()}:/srv/tree`, join(local, "back")]);
  expect(back).toMatchObject({ code: 0, err: "" });
  expect(readFileSync(join(local, "back/sub/b"), "utf8")).toBe("B");
});

test("relative paths start at home", async () => {
  writeFileSync(join(local, "note"), "x");
  await lab.client("scp", ["-q", join(local, "note"), `${lab.address(101)}:`]);
  expect(lab.world.guests["101"]?.inside.files["/home/debian/note"]).toBe("x");
});

test("what does not exist and what is not allowed is said as such", async () => {
  const user = lab.address(101);
  expect((await sftp("get /nowhere", user)).err).toContain("not found");
  expect((await sftp(`put ${local}/../config /etc/passwd`, user)).err).toContain("Permission denied");
  expect((await sftp("ls /root", user)).err).toContain("Permission denied");
  expect((await sftp("rm /proc/uptime")).err).toContain("Permission denied");
  expect((await sftp(`put ${local}/../config /opt/absent/file`)).err).toContain("No such file");
});
