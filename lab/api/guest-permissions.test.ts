import { afterAll, beforeAll, expect, test } from "vitest";
import type { Privileges } from "../world.ts";
import { type ApiUnderTest, apiUnderTest } from "./testing.ts";

// What Proxmox asks for beyond a call's own privilege; each list is one privilege short of enough.

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ guests: 4 });
  const { volumes = {} } = api.lab.world.storages.local ?? {};
  const snippet = { content: "snippets", format: "snippet", sizeBytes: 1, ctime: 1 } as const;
  volumes["local:snippets/a.yaml"] = { volid: "local:snippets/a.yaml", ...snippet };
  api.lab.world.pools.mine = {};
});
afterAll(() => api.close());

const vm = "nodes/pve1/qemu/10001";
const ct = "nodes/pve1/lxc/10004";
const create = { vmid: "400" };
const image = "local:import/debian-12-genericcloud-amd64.qcow2";
const debian = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";
const content = "nodes/pve1/storage/local/content/local:snippets%2Fa.yaml";
const allocate = { "/vms": ["VM.Allocate"] };
const sdn = "/sdn/zones/localnetwork/vmbr0";
const cloneable = { "/vms": ["VM.Clone", "VM.Allocate"] };
const space = { "/storage/local-lvm": ["Datastore.AllocateSpace"] };
const contained = { "/vms": ["VM.Allocate", "VM.Config.Disk"], ...space };

type Case = [string, string, Record<string, string>, Privileges, string];
test.each<Case>([
  ["POST", "nodes/pve1/qemu", create, { "/vms": ["VM.Clone"] }, ""],
  ["POST", "nodes/pve1/lxc", { ...create, ostemplate: debian }, { "/vms": ["VM.Clone"] }, ""],
  ["POST", "nodes/pve1/qemu/9000/clone", { newid: "400" }, { "/vms": ["VM.Clone"] }, ""],
  ["GET", "nodes/pve1/query-url-metadata", { url: "https://a/b.img" }, { "/nodes/pve1": ["Sys.Audit"] }, ""],
  [
    "POST",
    "nodes/pve1/qemu/9000/clone",
    { newid: "400", full: "1" },
    cloneable,
    "/storage/local-lvm, Datastore.AllocateSpace",
  ],
  ["POST", "nodes/pve1/qemu/9000/clone", { newid: "400" }, { ...cloneable, ...space }, `${sdn}, SDN.Use`],
  [
    "POST",
    "nodes/pve1/qemu",
    { ...create, net0: "virtio,bridge=vmbr0,tag=20" },
    { "/vms": ["VM.Allocate", "VM.Config.Network"] },
    `${sdn}/20, SDN.Use`,
  ],
  [
    "POST",
    "nodes/pve1/qemu",
    { ...create, scsi0: "local-lvm:1" },
    allocate,
    "/storage/local-lvm, Datastore.AllocateSpace",
  ],
  [
    "POST",
    "nodes/pve1/qemu",
    { ...create, scsi0: `local-lvm:0,import-from=${image}` },
    { ...allocate, ...space },
    "/storage/local, Datastore.AllocateSpace|Datastore.Audit",
  ],
  ["POST", "nodes/pve1/qemu", { ...create, tags: "a" }, allocate, "/vms/400, VM.Config.Options"],
  ["POST", "nodes/pve1/qemu", { ...create, start: "1" }, allocate, "/vms/400, VM.PowerMgmt"],
  [
    "POST",
    "nodes/pve1/lxc",
    { ...create, ostemplate: debian, rootfs: "local-lvm:4" },
    contained,
    "/storage/local, Datastore.AllocateSpace|Datastore.Audit",
  ],
  ["POST", "nodes/pve1/lxc", { ...create, ostemplate: debian, unprivileged: "0" }, allocate, "/, Sys.Modify"],
  [
    "PUT",
    `${vm}/resize`,
    { disk: "scsi0", size: "+1G" },
    { "/vms": ["VM.Config.Disk"] },
    "/storage/local-lvm, Datastore.AllocateSpace",
  ],
  [
    "PUT",
    `${vm}/config`,
    { ide2: "local-lvm:cloudinit" },
    { "/vms": ["VM.Config.Cloudinit"] },
    "/vms/10001, VM.Config.CDROM",
  ],
  ["PUT", `${vm}/config`, { delete: "scsi0" }, { "/vms": ["VM.Config.CDROM"] }, "/vms/10001, VM.Config.Disk"],
  ["PUT", `${vm}/config`, { delete: "net0" }, { "/vms": ["VM.Config.Network"] }, `${sdn}, SDN.Use`],
  [
    "PUT",
    `${vm}/config`,
    { usb0: "mapping=stick" },
    { "/vms": ["VM.Config.HWType"] },
    "/mapping/usb/stick, Mapping.Use",
  ],
  [
    "PUT",
    `${ct}/config`,
    { cores: "1" },
    { "/vms": ["VM.Config.Cloudinit"] },
    "/vms/10004, VM.Config.Disk|VM.Config.CPU|VM.Config.Memory|VM.Config.Network|VM.Config.Options",
  ],
  [
    "PUT",
    `${ct}/config`,
    { features: "nesting=1" },
    { "/vms": ["VM.Config.Options"] },
    "/vms/10004, VM.Allocate",
  ],
  [
    "DELETE",
    content,
    {},
    { "/storage": ["Datastore.AllocateSpace", "Datastore.Audit"] },
    "/storage/local, Datastore.Allocate",
  ],
])("%s %s %j", async (method, path, parameters, privileges, missing) => {
  const answer = await api.as(privileges)(method, path, parameters);
  const reason = missing === "" ? "Permission check failed" : `Permission check failed (${missing})`;
  expect(answer).toMatchObject({ status: 403, reason });
});

test("a new VM's disks and cloud-init drive need space on the storage, and no VM.Config.Disk", async () => {
  const call = api.as({ ...allocate, ...space });
  const made = await call("POST", "nodes/pve1/qemu", {
    vmid: 401,
    scsi0: "local-lvm:1",
    ide2: "local-lvm:cloudinit",
  });
  expect(made.status).toBe(200);
});

test("what is allowed on a pool is allowed on the guest that is made in it, and nothing else", async () => {
  const call = api.as({ "/pool/mine": ["VM.Allocate", "VM.Config.CPU"] });
  const make = (parameters: Record<string, string>) =>
    call("POST", "nodes/pve1/qemu", { vmid: "402", pool: "mine", ...parameters });
  expect((await make({ memory: "512" })).reason).toBe("Permission check failed (/vms/402, VM.Config.Memory)");
  expect((await make({ cores: "1" })).status).toBe(200);
});

test("a key that is not set may be deleted with any privilege on the configuration", async () => {
  const call = api.as({ "/vms": ["VM.Config.CPU"] });
  expect((await call("PUT", `${vm}/config`, { delete: "scsi7" })).status).toBe(200);
});

test("a storage lists its snippets only with Datastore.Allocate", async () => {
  const list = async (...privileges: string[]) =>
    (
      await api.as({ "/storage": privileges })("GET", "nodes/pve1/storage/local/content", {
        content: "snippets",
      })
    ).data;
  expect(await list("Datastore.Audit", "Datastore.AllocateSpace")).toEqual([]);
  expect(await list("Datastore.Audit", "Datastore.Allocate")).toHaveLength(1);
});

test("access/permissions lists what a token holds at every top-level path, or at the one asked for", async () => {
  const call = api.as({ "/": ["Sys.Audit"], "/vms": ["VM.Audit"] });
  const { data } = await call("GET", "access/permissions");
  expect(data).toMatchObject({
    "/": { "Sys.Audit": 1 },
    "/nodes": { "Sys.Audit": 1 },
    "/vms": { "VM.Audit": 1 },
  });
  expect(data["/vms"]).not.toHaveProperty("Sys.Audit");
  const one = await call("GET", "access/permissions", { path: "/vms/10001" });
  expect(one.data).toEqual({ "/vms/10001": { "VM.Audit": 1 } });
});
