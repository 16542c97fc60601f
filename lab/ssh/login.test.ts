import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ssh2, { type IdentityCallback, type ParsedKey, type SignCallback } from "ssh2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeGuest, makeKeys, makeWorld, run, startTestLab, type TestLab } from "./servers.test-helper.ts";

let lab: TestLab;
let keys: Awaited<ReturnType<typeof makeKeys>>;

beforeAll(async () => {
  keys = await makeKeys({
    user: ["-t", "ed25519"],
    other: ["-t", "ed25519"],
    rsa: ["-t", "rsa", "-b", "2048"],
    ecdsa: ["-t", "ecdsa", "-b", "521"],
  });
  const user = await keys.publicKey("user");
  const world = makeWorld(user);
  const others = [
    user,
    "# a comment",
    await keys.publicKey("rsa"),
    `no-pty ${await keys.publicKey("ecdsa")}`,
  ];
  world.guests["101"] = makeGuest(101, "qemu", others.join("\n"));
  world.guests["102"] = makeGuest(102, "lxc", user);
  world.guests["103"] = makeGuest(103, "qemu", user);
  Object.assign(world.guests["103"].config, { ciuser: "ops" });
  world.guests["104"] = makeGuest(104, "qemu", user);
  lab = await startTestLab(world, keys.folder);
});

afterAll(async () => {
  await lab?.stop();
  rmSync(keys.folder, { recursive: true, force: true });
});

const withKey = (name: string) => ["-i", join(keys.folder, name)];

test("a key of the configuration logs in; stderr stays empty", async () => {
  const ran = await lab.client("ssh", [lab.address(101), "hostname; whoami"]);
  expect(ran).toMatchObject({ code: 0, out: "vm-101\ndebian\n", err: "" });
});

test.each(["rsa", "ecdsa"])("an %s key logs in, its signature checked", async (name) => {
  const ran = await lab.client("ssh", [...withKey(name), lab.address(101), "true"]);
  expect(ran).toMatchObject({ code: 0, err: "" });
});

test("RSA with SHA-1 is refused, as OpenSSH does since 8.8", async () => {
  const old = ["-o", "PubkeyAcceptedAlgorithms=ssh-rsa", "-o", "IdentitiesOnly=yes"];
  const ran = await lab.client("ssh", [...withKey("rsa"), ...old, lab.address(101), "true"]);
  expect(ran.code).toBe(255);
});

test("an unknown key is refused", async () => {
  const ran = await lab.client("ssh", [...withKey("other"), lab.address(101), "true"]);
  expect(ran.code).toBe(255);
  expect(ran.err).toContain("Permission denied (publickey)");
});

test("the right key under another key's signature is refused", async () => {
  const shown = ssh2.utils.parseKey(await keys.publicKey("user"));
  const signing = ssh2.utils.parseKey(readFileSync(join(keys.folder, "other")));
  if (shown instanceof Error || signing instanceof Error) throw new Error("a key cannot be read");
  class Impostor extends ssh2.BaseAgent {
    override getIdentities(answer: IdentityCallback): void {
      answer(undefined, [shown as ParsedKey]);
    }
    override sign(_key: unknown, data: Buffer, ...rest: unknown[]): void {
      const answer = rest.at(-1) as SignCallback;
      answer(undefined, (signing as ParsedKey).sign(data));
    }
  }
  const outcome = await new Promise<string>((resolve) => {
    const client = new ssh2.Client();
    client.on("ready", () => resolve("in")).on("error", (error) => resolve(error.message));
    client.connect({ host: lab.address(101), port: lab.port, username: "debian", agent: new Impostor() });
  });
  expect(outcome).toBe("All configured authentication methods failed");
});

test.each([
  [101, "root"],
  [101, "nobody"],
  [103, "debian"],
  [102, "debian"],
])("guest %i has no user %s with that key", async (vmid, user) => {
  const ran = await lab.client("ssh", ["-l", user, lab.address(vmid), "true"]);
  expect(ran.err).toContain("Permission denied");
});

test("a container's user is root, and ciuser names the user of a VM", async () => {
  const container = await lab.client("ssh", ["-l", "root", lab.address(102), "id -u; hostname"]);
  expect(container).toMatchObject({ code: 0, out: "0\nct-102\n" });
  const named = await lab.client("ssh", ["-l", "ops", lab.address(103), "whoami"]);
  expect(named.out).toBe("ops\n");
});

test("once authorized_keys was written, that file alone counts", async () => {
  const guest = lab.world.guests["104"];
  const before = await lab.client("ssh", [lab.address(104), "cat .ssh/authorized_keys"]);
  expect(before.out).toBe(`${await keys.publicKey("user")}\n`);
  if (guest) guest.inside.files["/home/debian/.ssh/authorized_keys"] = await keys.publicKey("other");
  expect((await lab.client("ssh", [lab.address(104), "true"])).code).toBe(255);
  expect((await lab.client("ssh", [...withKey("other"), lab.address(104), "true"])).code).toBe(0);
});

test("guests offer no password, nodes check root's", async () => {
  const login = async (password: string, where: string[]) => {
    const asked = join(lab.folder, `ask-${password}`);
    writeFileSync(asked, `#!/bin/sh\necho ${password}\n`, { mode: 0o700 });
    const options = [
      "-o",
      "BatchMode=no",
      "-o",
      "PubkeyAuthentication=no",
      "-o",
      "NumberOfPasswordPrompts=1",
    ];
    const environment = [`SSH_ASKPASS=${asked}`, "SSH_ASKPASS_REQUIRE=force"];
    const config = ["-F", join(lab.folder, "config")];
    return run("env", [...environment, "ssh", ...config, ...options, ...where, "whoami"], lab.folder);
  };
  expect(await login("root-password", ["node"])).toMatchObject({ code: 0, out: "root\n" });
  expect((await login("wrong-password", ["node"])).err).toContain("Permission denied (publickey,password)");
  expect((await login("root-password", [lab.address(101)])).err).toContain("Permission denied (publickey)");
});

test("ssh-keyscan reads the host key the world knows", async () => {
  const ran = await run(
    "ssh-keyscan",
    ["-p", String(lab.port), "-t", "ed25519", lab.address(101)],
    lab.folder,
  );
  expect(ran.out).toContain(lab.world.guests["101"]?.inside.hostKey.publicKey);
});

test("a guest can be reached through its node, and nothing else can", async () => {
  const jump = ["-J", "node"];
  expect(await lab.client("ssh", [...jump, lab.address(101), "hostname"])).toMatchObject({
    code: 0,
    out: "vm-101\n",
  });
  const elsewhere = await lab.client("ssh", ["-W", "127.0.0.1:22", "node"]);
  expect(elsewhere.code).not.toBe(0);
});
