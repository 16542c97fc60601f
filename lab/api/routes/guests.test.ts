import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ nodes: ["pve1", "pve2"] });
});
afterAll(() => api.close());

let next = 300;
const freeId = () => ++next;

async function clone(): Promise<number> {
  const vmid = freeId();
  const name = `vm-${vmid}`;
  expect(await api.task("POST", "nodes/pve1/qemu/9000/clone", { newid: vmid, full: 1, name })).toBe("OK");
  return vmid;
}

async function container(extra: Record<string, string> = {}): Promise<number> {
  const vmid = freeId();
  const parameters = {
    vmid,
    hostname: `ct-${vmid}`,
    ostemplate: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst",
    storage: "local-lvm",
    net0: "name=eth0,bridge=vmbr0,ip=127.40.0.1/8",
    ...extra,
  };
  expect(await api.task("POST", "nodes/pve1/lxc", parameters)).toBe("OK");
  return vmid;
}

const config = async (vmid: number, kind = "qemu") =>
  (await api.call("GET", `nodes/pve1/${kind}/${vmid}/config`)).data;

test("a clone has its own MAC, UUIDs and disks", async () => {
  const [template, one, two] = [await config(9000), await config(await clone()), await config(await clone())];
  for (const key of ["net0", "smbios1", "vmgenid", "scsi0", "ide2"]) {
    expect(new Set([template[key], one[key], two[key]]).size, key).toBe(3);
  }
  expect(one.template).toBeUndefined();
  expect(one.scsi0).toMatch(/^local-lvm:vm-\d+-disk-0,discard=on,size=3G,ssd=1$/);
  expect(one.ide2).toMatch(/^local-lvm:vm-\d+-cloudinit,media=cdrom$/);
});

test("a clone is there and locked before the task has ended", async () => {
  const vmid = freeId();
  const { data } = await api.call("POST", "nodes/pve1/qemu/9000/clone", { newid: vmid, full: 1 });
  const status = await api.call("GET", `nodes/pve1/tasks/${encodeURIComponent(data)}/status`);
  expect(status.data).toMatchObject({ upid: data, type: "qmclone", user: "terraform@pve!pve-home" });
  expect(api.lab.world.guests[vmid]).toBeDefined();
  const again = await api.call("POST", "nodes/pve1/qemu/9000/clone", { newid: vmid });
  expect(again).toMatchObject({
    status: 500,
    reason: expect.stringContaining("already exists on node 'pve1'"),
  });
});

test("configuration: numbers, tags, masked password, disks, delete of what is not there", async () => {
  const vmid = await clone();
  const answer = await api.call("PUT", `nodes/pve1/qemu/${vmid}/config`, {
    cores: 4,
    memory: 2048,
    onboot: "true",
    tags: "Web,docker;web",
    cipassword: "secret",
    scsi1: "file=local-lvm:5,size=5368709120,",
    net1: "model=virtio,bridge=vmbr0,firewall=1",
    delete: "ide2,net7",
    description: "two\nlines\n",
  });
  expect(answer).toMatchObject({ status: 200, data: null });
  const got = await config(vmid);
  expect(got).toMatchObject({ cores: 4, memory: "2048", onboot: 1, tags: "docker;web" });
  expect(got).toMatchObject({ cipassword: "**********", scsi1: `local-lvm:vm-${vmid}-disk-1,size=5G` });
  expect(got.net1).toMatch(/^virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0,firewall=1$/);
  expect(got).not.toHaveProperty("ide2");
  expect(got.description).toBe("two\nlines");
  await api.call("PUT", `nodes/pve1/qemu/${vmid}/config`, { delete: "scsi1" });
  expect(await config(vmid)).toMatchObject({ unused0: `local-lvm:vm-${vmid}-disk-1` });
});

test("parameters are verified before anything is changed, in creation and clones as well", async () => {
  const unknown = "property is not defined in schema and the schema does not allow additional properties";
  const vmid = await clone();
  const refused = await api.call("PUT", `nodes/pve1/qemu/${vmid}/config`, {
    cores: 4,
    sockets: "abc",
    foo: "bar",
  });
  expect(refused).toMatchObject({ status: 400, reason: "Parameter verification failed." });
  expect(refused.body.errors).toEqual({ sockets: "type check ('integer') failed - got 'abc'", foo: unknown });
  const deleted = await api.call("PUT", `nodes/pve1/qemu/${vmid}/config`, { cores: 4, delete: "foo" });
  expect(deleted.body.errors).toEqual({ delete: "unknown option 'foo'" });
  expect((await config(vmid)).cores).toBe(2);
  const created = await api.call("POST", "nodes/pve1/lxc", {
    vmid: freeId(),
    hostname: "weird name",
    memory: -5,
  });
  expect(created.body.errors).toEqual({
    hostname: "invalid format - value does not look like a valid DNS name",
    memory: "value must have a minimum value of 16",
  });
  const cloned = await api.call("POST", "nodes/pve1/qemu/9000/clone", { newid: freeId(), cores: 2 });
  expect(cloned.body.errors).toEqual({ cores: unknown });
});

test("each key needs its own privilege", async () => {
  const vmid = await clone();
  const call = api.as({ "/": ["VM.Config.Memory"] });
  expect((await call("PUT", `nodes/pve1/qemu/${vmid}/config`, { memory: 1024 })).status).toBe(200);
  const refused = await call("PUT", `nodes/pve1/qemu/${vmid}/config`, { memory: 512, cores: 2 });
  expect(refused.reason).toBe(`Permission check failed (/vms/${vmid}, VM.Config.CPU)`);
  expect((await config(vmid)).memory).toBe("1024");
});

test("resize grows, in bytes or with a unit, and never shrinks", async () => {
  const vmid = await clone();
  const path = `nodes/pve1/qemu/${vmid}/resize`;
  expect(await api.task("PUT", path, { disk: "scsi0", size: 10 * 1024 ** 3 })).toBe("OK");
  expect(await api.task("PUT", path, { disk: "scsi0", size: "+2G" })).toBe("OK");
  expect((await config(vmid)).scsi0).toContain("size=12G");
  expect(await api.call("PUT", path, { disk: "scsi0", size: "4G" })).toMatchObject({
    status: 500,
    reason: "shrinking disks is not supported",
  });
});

test("power: start, again, shutdown; destroy wants it stopped, and then it is gone with its disks", async () => {
  const vmid = await clone();
  const path = `nodes/pve1/qemu/${vmid}`;
  expect(await api.task("POST", `${path}/status/start`)).toBe("OK");
  const current = await api.call("GET", `${path}/status/current`);
  expect(current.data).toMatchObject({ status: "running", qmpstatus: "running", vmid, agent: 1 });
  expect(Number.isInteger(current.data.pid)).toBe(true);
  expect((await api.call("POST", `${path}/status/start`)).reason).toContain("already running");
  expect((await api.call("DELETE", path)).status).toBe(500);
  expect(await api.task("POST", `${path}/status/shutdown`, { forceStop: 1, timeout: 60 })).toBe("OK");
  expect(await api.task("DELETE", `${path}/?purge=1&destroy-unreferenced-disks=1`)).toBe("OK");
  expect(await api.call("GET", `${path}/status/current`)).toMatchObject({
    status: 500,
    reason: `Configuration file 'nodes/pve1/qemu-server/${vmid}.conf' does not exist`,
  });
  const left = Object.values(api.lab.world.storages["local-lvm"]?.volumes ?? {});
  expect(left.filter((volume) => volume.vmid === vmid)).toEqual([]);
});

test("a container: root disk, mount point, card, keys, interfaces", async () => {
  const key = "ssh-ed25519 AAAA someone";
  const mounts = { mp0: "mp=/srv,volume=local-lvm:8", rootfs: "volume=local-lvm:6" };
  const vmid = await container({ ...mounts, memory: "256", description: "text", "ssh-public-keys": key });
  expect(await config(vmid, "lxc")).toMatchObject({
    rootfs: expect.stringMatching(/^local-lvm:vm-\d+-disk-\d,size=6G$/),
    mp0: expect.stringMatching(/^local-lvm:vm-\d+-disk-\d,mp=\/srv,size=8G$/),
    net0: expect.stringMatching(/^name=eth0,bridge=vmbr0,ip=127.40.0.1\/8,hwaddr=BC:24:11:.*,type=veth$/),
    memory: 256,
    ostype: "debian",
    description: "text\n",
    digest: expect.stringMatching(/^[0-9a-f]{40}$/),
  });
  expect(await config(vmid, "lxc")).not.toHaveProperty("ssh-public-keys");
  expect(api.lab.world.guests[vmid]?.inside.files["/root/.ssh/authorized_keys"]).toBe(`${key}\n`);
  await api.task("POST", `nodes/pve1/lxc/${vmid}/status/start`);
  const { data } = await api.call("GET", `nodes/pve1/lxc/${vmid}/interfaces`);
  expect(data.map((row: { name: string }) => row.name)).toEqual(["lo", "eth0"]);
  expect(data[1]["ip-addresses"]).toContainEqual({
    "ip-address": "127.40.0.1",
    "ip-address-type": "inet",
    prefix: "8",
  });
});

test("a creation that fails leaves nothing behind", async () => {
  const vmid = freeId();
  const status = await api.task("POST", "nodes/pve1/qemu", {
    vmid,
    scsi0: "local-lvm:4",
    scsi1: "nosuch:4",
  });
  expect(status).toBe("storage 'nosuch' does not exist");
  expect(api.lab.world.guests[vmid]).toBeUndefined();
  expect(api.lab.world.storages["local-lvm"]?.volumes[`local-lvm:vm-${vmid}-disk-0`]).toBeUndefined();
});

test("a VM from a cloud image has the size of the disk inside it", async () => {
  const vmid = freeId();
  const image = "local:import/debian-12-genericcloud-amd64.qcow2";
  const status = await api.task("POST", "nodes/pve1/qemu", {
    vmid,
    name: "image",
    scsi0: `file=local-lvm:0,import-from=${image},discard=on,`,
    efidisk0: "file=local-lvm:1,efitype=4m",
  });
  expect(status).toBe("OK");
  const got = await config(vmid);
  expect(got.scsi0).toBe(`local-lvm:vm-${vmid}-disk-0,discard=on,size=3G`);
  expect(got.efidisk0).toBe(`local-lvm:vm-${vmid}-disk-1,efitype=4m,size=4M`);
  expect(got).toMatchObject({
    smbios1: expect.stringMatching(/^uuid=/),
    meta: expect.stringMatching(/ctime=\d+/),
  });
});

test("a disk moves to another storage, a guest to another node", async () => {
  const vmid = await clone();
  const storages = api.lab.world.storages;
  storages.other = {
    ...structuredClone(storages["local-lvm"] ?? storages.local),
    storage: "other",
    volumes: {},
  } as never;
  const path = `nodes/pve1/qemu/${vmid}`;
  expect(await api.task("POST", `${path}/move_disk`, { disk: "scsi0", storage: "other", delete: 1 })).toBe(
    "OK",
  );
  expect((await config(vmid)).scsi0).toMatch(/^other:vm-\d+-disk-0,/);
  expect(await api.task("POST", `${path}/migrate`, { target: "pve2", "with-local-disks": 1 })).toBe("OK");
  expect((await api.call("GET", `nodes/pve2/qemu/${vmid}/config`)).status).toBe(200);
  expect((await api.call("GET", `${path}/config`)).status).toBe(500);
  delete storages.other;
});

test("protection and locks are respected", async () => {
  const vmid = await clone();
  const path = `nodes/pve1/qemu/${vmid}`;
  await api.call("PUT", `${path}/config`, { protection: 1 });
  expect((await api.call("DELETE", path)).reason).toContain("protection mode enabled");
  await api.control.break("backup-lock", String(vmid));
  expect((await api.call("PUT", `${path}/config`, { cores: 1 })).reason).toBe("VM is locked (backup)");
  expect((await api.call("GET", `${path}/status/current`)).data.lock).toBe("backup");
  await api.control.mend("backup-lock");
  expect((await api.call("PUT", `${path}/config`, { cores: 1 })).status).toBe(200);
});

test("a VM whose own cloud-init file is missing does not start", async () => {
  const vmid = await clone();
  const path = `nodes/pve1/qemu/${vmid}`;
  await api.call("PUT", `${path}/config`, { cicustom: "user=local:snippets/none.yaml" });
  const status = await api.task("POST", `${path}/status/start`);
  expect(status).toBe("volume 'local:snippets/none.yaml' does not exist");
  expect(api.lab.world.guests[vmid]?.status).toBe("stopped");
});
