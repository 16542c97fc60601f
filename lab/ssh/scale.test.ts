import { rmSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { makeGuest, makeKeys, makeWorld, startTestLab, type TestLab } from "./servers.test-helper.ts";

const keys = await makeKeys({ user: ["-t", "ed25519"] });
let lab: TestLab | undefined;

afterAll(async () => {
  await lab?.stop();
  rmSync(keys.folder, { recursive: true, force: true });
});

test("a thousand guests: they start, a sync without a change keeps them, and one answers", {
  timeout: 60_000,
}, async () => {
  const user = await keys.publicKey("user");
  const world = makeWorld(user);
  for (let vmid = 1000; vmid < 2000; vmid += 1) world.guests[vmid] = makeGuest(vmid, "qemu", user);
  lab = await startTestLab(world, keys.folder);
  await lab.servers.sync();
  expect((await lab.client("ssh", [lab.address(1999), "hostname"])).out).toBe("vm-1999\n");
});
