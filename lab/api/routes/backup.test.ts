import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ guests: 5 });
});
afterAll(() => api.close());

const backups = async (vmid: number) =>
  (await api.call("GET", "nodes/pve1/storage/local/content", { content: "backup", vmid })).data;

test("jobs: posted as property strings, returned as objects, ints as ints", async () => {
  const job = {
    id: "daily",
    schedule: "02:30",
    storage: "local",
    vmid: "10001,10002",
    "prune-backups": "keep-daily=7,keep-last=3",
    fleecing: "enabled=1,storage=local-lvm",
    compress: "zstd",
    zstd: 0,
  };
  expect(await api.call("POST", "cluster/backup/", job)).toMatchObject({ status: 200, data: null });
  expect((await api.call("GET", "cluster/backup/daily")).data).toEqual({
    ...job,
    type: "vzdump",
    enabled: 1,
    "prune-backups": { "keep-daily": "7", "keep-last": "3" },
    fleecing: { enabled: 1, storage: "local-lvm" },
  });
  await api.call("PUT", "cluster/backup/daily", { enabled: 0, delete: "zstd,fleecing" });
  const { data } = await api.call("GET", "cluster/backup");
  expect(data[0]).toMatchObject({ id: "daily", enabled: 0 });
  expect(data[0]).not.toHaveProperty("fleecing");
  expect((await api.call("POST", "cluster/backup", job)).reason).toContain("already exists");
  expect((await api.call("DELETE", "cluster/backup/daily")).status).toBe(200);
});

test("a missing job is 400, as on Proxmox", async () => {
  expect(await api.call("GET", "cluster/backup/nosuch")).toMatchObject({
    status: 400,
    reason: "Parameter verification failed.",
    body: { errors: { id: "No such job 'nosuch'" } },
  });
});

test("not-backed-up follows the jobs, purge takes a guest out of them", async () => {
  const missing = async () =>
    (await api.call("GET", "cluster/backup-info/not-backed-up")).data.map(
      (row: { vmid: number }) => row.vmid,
    );
  await api.call("POST", "cluster/backup", { id: "most", schedule: "daily", all: 1, exclude: "9000,10005" });
  expect(await missing()).toEqual([9000, 10_005]);
  await api.call("DELETE", "cluster/backup/most");
  await api.call("POST", "cluster/backup", { id: "two", schedule: "daily", vmid: "10003,10005" });
  await api.control.stop("10005");
  await api.task("DELETE", "nodes/pve1/qemu/10005", { purge: 1 });
  expect((await api.call("GET", "cluster/backup/two")).data.vmid).toBe("10003");
  await api.call("DELETE", "cluster/backup/two");
  const blind = api.as({ "/": ["VM.Audit"] });
  expect((await blind("GET", "cluster/backup-info/not-backed-up")).status).toBe(403);
});

test("vzdump makes an archive with notes, locks meanwhile, and keeps the newest only", async () => {
  const parameters = { vmid: 10_001, storage: "local", "notes-template": "{{guestname}} {{vmid}}" };
  const started = await api.call("POST", "nodes/pve1/vzdump", parameters);
  expect(started.data).toMatch(/^UPID:pve1:.*:vzdump:10001:/);
  await expect.poll(() => backups(10_001)).toHaveLength(1);
  const pruned = { ...parameters, "prune-backups": "keep-last=1", protected: 0 };
  expect(await api.task("POST", "nodes/pve1/vzdump", pruned)).toBe("OK");
  const rows = await backups(10_001);
  expect(rows).toMatchObject([{ subtype: "qemu", format: "vma.zst", vmid: 10_001, notes: "web-001 10001" }]);
  expect(rows[0].volid).toMatch(/^local:backup\/vzdump-qemu-10001-\d{4}(_\d\d){2}-\d\d(_\d\d){2}\.vma\.zst$/);
  expect(await api.call("POST", "nodes/pve1/vzdump", { vmid: "", storage: "local" })).toMatchObject({
    data: "OK",
  });
  const { data } = await api.call("GET", "nodes/pve1/tasks", { typefilter: "vzdump", source: "all" });
  const log = await api.call("GET", `nodes/pve1/tasks/${encodeURIComponent(data[0].upid)}/log`);
  const lines = log.data.map((line: { t: string }) => line.t).join("\n");
  expect(lines).toContain("INFO: creating vzdump archive '/var/lib/vz/dump/vzdump-qemu-10001-");
  expect(log.body.total).toBe(log.data.length);
});

test.each([
  ["qemu", 10_002, "archive"],
  ["lxc", 10_004, "ostemplate"],
] as const)("%s: restore over a stopped guest, and after it was lost", async (kind, vmid, parameter) => {
  const guest = api.lab.world.guests[vmid];
  const key = guest?.inside.hostKey.publicKey;
  if (guest) guest.inside.files["/root/data"] = "precious";
  expect(await api.task("POST", "nodes/pve1/vzdump", { vmid, storage: "local" })).toBe("OK");
  const [{ volid }] = await backups(vmid);
  const path = `nodes/pve1/${kind}`;
  const restore = { vmid, [parameter]: volid, ...(kind === "lxc" && { restore: 1 }) };
  expect((await api.call("POST", path, restore)).reason).toContain("already exists on node 'pve1'");
  expect((await api.call("POST", path, { ...restore, force: 1 })).reason).toContain("running");
  await api.control.stop(String(vmid));
  if (guest) guest.inside.files["/root/data"] = "lost";
  expect(await api.task("POST", path, { ...restore, force: 1 })).toBe("OK");
  expect(guest?.inside.files["/root/data"]).toBe("precious");
  await api.control.delete(String(vmid));
  expect(await api.task("POST", path, { ...restore, start: 1, unique: 1 })).toBe("OK");
  const again = api.lab.world.guests[vmid];
  expect(again).toMatchObject({ status: "running", inside: { files: { "/root/data": "precious" } } });
  expect(again?.inside.hostKey.publicKey).toBe(key);
  expect(again?.config.net0).not.toBe(guest?.config.net0);
});

test("the configuration can be read out of an archive", async () => {
  await api.task("POST", "nodes/pve1/vzdump", { vmid: 10_003, storage: "local" });
  const [{ volid }] = await backups(10_003);
  const { data } = await api.call("GET", "nodes/pve1/vzdump/extractconfig", { volume: volid });
  expect(data).toContain("name: web-003\n");
});
