import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeGuest, makeKeys, makeWorld, startTestLab, type TestLab } from "./testing.ts";

let lab: TestLab;
let keys: Awaited<ReturnType<typeof makeKeys>>;

beforeAll(async () => {
  keys = await makeKeys({ user: ["-t", "ed25519"], stranger: ["-t", "ed25519"], rsa: ["-t", "rsa", "-b", "2048"], ecdsa: ["-t", "ecdsa", "-b", "521"] });
  const user = await keys.publicKey("user");
  const world = makeWorld(user);
  const others = `${user}\n${await keys.publicKey("rsa")}\nno-pty ${await keys.publicKey("ecdsa")}`;
  world.guests["101"] = makeGuest(101, "qemu", others);
  world.guests["102"] = makeGuest(102, "lxc", user);
  lab = await startTestLab(world, keys.folder);
});

afterAll(async () => {
  await lab?.stop();
  rmSync(keys.folder, { recursive: true, force: true });
});

test("a key of the configuration logs in and a command answers", async () => {
  const ran = await lab.client("ssh", [lab.address(101), "hostname; whoami"]);
  expect(ran).toMatchObject({ code: 0, out: "vm-101\ndebian\n", err: "" });
});
