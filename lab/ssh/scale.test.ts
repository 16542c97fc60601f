import { rmSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { makeGuest, makeKeys, makeWorld, startTestLab, type TestLab } from "./servers.test-helper.ts";

const keys = await makeKeys({ user: ["-t", "ed25519"] });
let lab: TestLab | undefined;

afterAll(async () => {
  await lab?.stop();
  rmSync(keys.folder, { recursive: true, force: true });
});

test("a thousand guests: start, a run without change, and one guest's answer", {
  timeout: 30_000,
}, async () => {
  const user = await keys.publicKey("user");
  const world = makeWorld(user);
  for (let vmid = 1000; vmid < 2000; vmid += 1) world.guests[vmid] = makeGuest(vmid, "qemu", user);
  const begun = performance.now();
  lab = await startTestLab(world, keys.folder);
  const started = performance.now() - begun;
  const again = performance.now();
  for (let round = 0; round < 10; round += 1) await lab.servers.sync();
  const round = (performance.now() - again) / 10;
  expect((await lab.client("ssh", [lab.address(1999), "hostname"])).out).toBe("vm-1999\n");
  // Generous: about 200 ms and 3 ms on two cores.
  expect(started).toBeLessThan(3000);
  expect(round).toBeLessThan(100);
});
