import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../../lab/api/testing.ts";
import { requireProgram } from "../../lab/machines/run-program.ts";
import { resolveGuestImage } from "../../tools/guest-image/resolve.ts";

// What the disks of machines hold, written and read from outside while they are stopped.

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ machines: await resolveGuestImage() });
});
afterAll(() => api?.close());

const folder = () => join(api.lab.facts.directory, "machines/disks");
const files = () => readdirSync(folder()).map(decodeURIComponent).sort();
const fileOf = (volid: string) => join(folder(), `${encodeURIComponent(volid)}.qcow2`);

const write = (volid: string, byte: string) =>
  requireProgram("qemu-io", ["-f", "qcow2", "-c", `write -P ${byte} 0 64k`, fileOf(volid)]);

/** @throws Error where the disk holds something else */
const holds = (volid: string, byte: string) =>
  requireProgram("qemu-io", ["-f", "qcow2", "-r", "-c", `read -P ${byte} 0 64k`, fileOf(volid)]);

const qemu = "nodes/pve1/qemu";
const done = async (method: string, path: string, parameters = {}) =>
  expect(await api.task(method, `${qemu}${path}`, parameters)).toBe("OK");

/** A stopped VM with one disk of its own, which was made by a start; the disk's volid. */
async function machine(vmid: number): Promise<string> {
  await done("POST", "", { vmid, name: `vm-${vmid}`, scsi0: "local-lvm:1", memory: 64 });
  await done("POST", `/${vmid}/status/start`);
  await done("POST", `/${vmid}/status/stop`);
  return `local-lvm:vm-${vmid}-disk-0`;
}

test("rolling back brings back what the disk held; a deleted snapshot takes its copy along", async () => {
  const disk = await machine(500);
  await write(disk, "0x11");
  await done("POST", "/500/snapshot", { snapname: "before" });
  await write(disk, "0x22");
  await done("POST", "/500/snapshot/before/rollback");
  await holds(disk, "0x11");
  await expect(holds(disk, "0x22")).rejects.toThrow("qemu-io");
  expect(files()).toContain(`${disk}@before.qcow2`);
  await done("DELETE", "/500/snapshot/before");
  await expect.poll(files).toEqual(expect.not.arrayContaining([`${disk}@before.qcow2`]));
});

test("a clone holds what its source holds, and is a disk of its own", async () => {
  const disk = await machine(510);
  await write(disk, "0x33");
  await done("POST", "/510/clone", { newid: 511, full: 1 });
  const copy = "local-lvm:vm-511-disk-0";
  await holds(copy, "0x33");
  await write(copy, "0x44");
  await holds(disk, "0x33");
  await done("DELETE", "/511");
  await expect.poll(files).toEqual(expect.not.arrayContaining([`${copy}.qcow2`]));
});

test("what is restored from a backup holds what the disk held then, also where the guest is gone", async () => {
  const disk = await machine(520);
  await write(disk, "0x55");
  expect(await api.task("POST", "nodes/pve1/vzdump", { vmid: 520, storage: "local" })).toBe("OK");
  await write(disk, "0x66");
  await done("DELETE", "/520");
  const { data } = await api.call("GET", "nodes/pve1/storage/local/content", { content: "backup" });
  await done("POST", "", { vmid: 521, archive: data[0].volid });
  await holds("local-lvm:vm-521-disk-0", "0x55");
});

test("a disk that is made larger is larger at the next start", async () => {
  const disk = await machine(530);
  await done("PUT", "/530/resize", { disk: "scsi0", size: "2G" });
  await done("POST", "/530/status/start");
  const info = await requireProgram("qemu-img", ["info", "--force-share", "--output=json", fileOf(disk)]);
  expect(JSON.parse(info)["virtual-size"]).toBe(2 * 1024 ** 3);
  await done("POST", "/530/status/stop");
});
