import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ guests: 4 });
});
afterAll(() => api.close());

test.each([
  ["qemu", 10_001],
  ["lxc", 10_004],
] as const)("%s: take, list, roll back, remove", async (kind, vmid) => {
  const base = `nodes/pve1/${kind}/${vmid}/snapshot`;
  const guest = api.lab.world.guests[vmid];
  expect(await api.task("POST", base, { snapname: "first", description: "before" })).toBe("OK");
  if (guest) guest.inside.files["/root/note"] = "later";
  await api.call("PUT", `nodes/pve1/${kind}/${vmid}/config`, { cores: 3 });
  expect(await api.task("POST", base, { snapname: "second" })).toBe("OK");
  const { data } = await api.call("GET", base);
  expect(data).toMatchObject([
    { name: "first", description: "before", snaptime: expect.any(Number) },
    { name: "second", parent: "first" },
    { name: "current", description: "You are here!", running: 1, parent: "second" },
  ]);
  expect(await api.task("POST", `${base}/first/rollback`)).toBe("OK");
  expect(guest).toMatchObject({ status: "stopped", currentParent: "first" });
  expect(guest?.config.cores).not.toBe(3);
  expect(guest?.inside.files).not.toHaveProperty("/root/note");
  await api.call("PUT", `${base}/first/config`, { description: "changed" });
  expect((await api.call("GET", `${base}/first/config`)).data.description).toBe("changed");
  expect(await api.task("DELETE", `${base}/second`)).toBe("OK");
  expect((await api.call("GET", base)).data).toHaveLength(2);
});

test("an unknown snapshot fails in the task, a reserved name at once", async () => {
  const base = "nodes/pve1/qemu/10002/snapshot";
  expect(await api.task("DELETE", `${base}/nosuch`)).toBe("snapshot 'nosuch' does not exist");
  expect(await api.call("POST", base, { snapname: "current" })).toMatchObject({ status: 500 });
  expect(await api.call("POST", base, { snapname: "1bad name" })).toMatchObject({ status: 400 });
  await api.task("POST", base, { snapname: "twice" });
  expect(await api.task("POST", base, { snapname: "twice" })).toContain("already used");
});
