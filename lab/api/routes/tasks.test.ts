import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing.ts";

let api: ApiUnderTest;
let slow: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ guests: 2 });
  slow = await apiUnderTest({ guests: 2, taskSeconds: 3600 });
});
afterAll(() => Promise.all([api.close(), slow.close()]));

test("a running task has no exit status, locks its guest, and can be cancelled", async () => {
  const { data: upid } = await slow.call("POST", "nodes/pve1/qemu/10001/snapshot", { snapname: "s1" });
  const path = `nodes/pve1/tasks/${encodeURIComponent(upid)}`;
  const running = (await slow.call("GET", `${path}/status`)).data;
  expect(running).toMatchObject({ status: "running", upid, id: "10001", type: "qmsnapshot", node: "pve1" });
  expect(running).not.toHaveProperty("exitstatus");
  expect(slow.lab.world.guests["10001"]?.lock).toBe("snapshot");
  expect((await slow.call("GET", "nodes/pve1/tasks", { source: "active" })).data).toHaveLength(1);
  expect(await slow.call("DELETE", path)).toMatchObject({ status: 200, data: null });
  expect((await slow.call("GET", `${path}/status`)).data.exitstatus).toBe("interrupted by signal");
  expect(slow.lab.world.guests["10001"]?.lock).toBeUndefined();
  expect(slow.lab.world.guests["10001"]?.snapshots).toEqual({});
});

test("the list is newest first and filtered; another user sees none of it", async () => {
  await api.task("POST", "nodes/pve1/qemu/10001/status/stop");
  await api.task("POST", "nodes/pve1/qemu/10001/status/start");
  const { data, body } = await api.call("GET", "nodes/pve1/tasks", { vmid: 10_001, limit: 1 });
  expect(data).toMatchObject([{ type: "qmstart", id: "10001", status: "OK", endtime: expect.any(Number) }]);
  expect(body.total).toBe(2);
  expect((await api.call("GET", "cluster/tasks")).data.length).toBeGreaterThanOrEqual(2);
  const otherUser = api.as({ "/": ["VM.Audit"] });
  expect((await otherUser("GET", "nodes/pve1/tasks")).data).toEqual([]);
  expect((await otherUser("GET", `nodes/pve1/tasks/${encodeURIComponent(data[0].upid)}/status`)).status).toBe(
    403,
  );
});

test("a removed volume is gone before its task has ended", async () => {
  const content = "nodes/pve1/storage/local/content";
  const volid = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";
  const { data: upid } = await slow.call("DELETE", `${content}/${volid}`);
  const path = `nodes/pve1/tasks/${encodeURIComponent(upid)}`;
  expect((await slow.call("GET", `${path}/status`)).data).toMatchObject({
    status: "running",
    type: "imgdel",
  });
  expect((await slow.call("GET", content, { content: "vztmpl" })).data).toEqual([]);
  await slow.call("DELETE", path);
});

test("an unknown UPID is a bad parameter", async () => {
  const upid = "UPID:pve1:00000001:00000001:00000001:qmstart:1:root@pam:";
  expect((await api.call("GET", `nodes/pve1/tasks/${upid}/status`)).status).toBe(400);
  expect((await api.call("GET", "nodes/pve1/tasks/nonsense/status")).status).toBe(400);
});

test("the fault task-fail ends tasks with an error and nothing is changed", async () => {
  await api.control.break("task-fail");
  const status = await api.task("POST", "nodes/pve1/qemu/10002/status/stop");
  await api.control.mend();
  expect(status).toBe("command failed: exit code 255");
  expect(api.lab.world.guests["10002"]?.status).toBe("running");
});

test("the fault task-hang lets no task end until it is mended", async () => {
  await api.control.break("task-hang");
  const { data: upid } = await api.call("POST", "nodes/pve1/qemu/10002/snapshot", { snapname: "held" });
  const task = async () =>
    (await api.call("GET", `nodes/pve1/tasks/${encodeURIComponent(upid)}/status`)).data;
  expect(await task()).toMatchObject({ status: "running" });
  await api.control.mend();
  await vi.waitFor(
    async () => expect(await task()).toMatchObject({ status: "stopped", exitstatus: "OK" }),
    10_000,
  );
  expect(Object.keys(api.lab.world.guests["10002"]?.snapshots ?? {})).toEqual(["held"]);
});
