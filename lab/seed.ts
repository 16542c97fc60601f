import { randomBytes, randomUUID } from "node:crypto";
import { roles } from "./api/privileges.ts";
import { gibibyte } from "./config/size.ts";
import { newGuest, newIdentity, newMac } from "./guest.ts";
import { generateHostKey } from "./host-key.ts";
import type { ApiToken, Guest, LabNode, Privileges, Storage, Volume, World } from "./world.ts";

/** The VM template that clones are made from. */
const templateVmid = 9000;
/** The container template of the storage `local`. */
const containerTemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";
/** The cloud image for `import-from`. */
const cloudImage = "local:import/debian-12-genericcloud-amd64.qcow2";

export const tokenIds = {
  terraform: "terraform@pve!pve-home",
  monitor: "monitor@pve!health",
  exporter: "exporter@pve!prometheus",
} as const;

const daysUp = 12;

/** A cluster without guests but the template: nodes, storages, tokens with new random secrets. */
export function newWorld(nodes: readonly string[], now: number): World {
  const world: World = {
    version: 1,
    nodes: {},
    guests: {},
    storages: { local: localStorage(now), "local-lvm": lvmStorage() },
    pools: {},
    backupJobs: {},
    firewall: { options: {}, groups: {} },
    tokens: {},
    users: {
      "root@pam": {
        password: randomBytes(18).toString("base64url"),
        privileges: { "/": [...roles.Administrator] },
      },
    },
    faults: [],
  };
  for (const name of nodes) world.nodes[name] = newNode(name, now);
  const auditor: Privileges = { "/": [...roles.PVEAuditor] };
  // VM.Config.Disk: without it Proxmox does not tell the Terraform provider about a volume, and no plan succeeds.
  // Datastore.Allocate: without it Proxmox hides snippets (check_volume_access), and every plan would make them again.
  const monitor: Privileges = {
    "/": [...roles.PVEAuditor, "VM.GuestAgent.FileRead", "VM.Config.Disk"],
    "/storage/local": ["Datastore.Audit", "Datastore.Allocate"],
  };
  addToken(world, tokenIds.terraform, { "/": [...roles.Administrator] });
  addToken(world, tokenIds.monitor, monitor);
  addToken(world, tokenIds.exporter, auditor);
  const template = newTemplate(nodes[0] ?? "pve1", now);
  world.guests[template.vmid] = template;
  addVolume(world, "local-lvm", {
    ...disk("local-lvm:base-9000-disk-0", 3 * gibibyte, now),
    image: cloudImage,
  });
  addVolume(world, "local-lvm", { ...disk("local-lvm:vm-9000-cloudinit", 4 * 1024 ** 2, now) });
  return world;
}

/** A node that has been up for some days. Its SSH port is 0 until the lab gives it one. */
export function newNode(name: string, now: number): LabNode {
  return {
    name,
    online: true,
    bootedAt: now - daysUp * 86_400_000,
    cores: 8,
    memoryBytes: 64 * gibibyte,
    ssh: { address: "127.0.0.1", port: 0 },
    hostKey: generateHostKey(),
    authorizedKeys: [],
    firewall: { options: {}, rules: [] },
  };
}

/** Adds a token with a new secret, in the form of Proxmox's own (a UUID). */
export function addToken(world: World, id: string, privileges: Privileges): ApiToken {
  const token: ApiToken = { id, secret: randomUUID(), privileges };
  world.tokens[id] = token;
  return token;
}

// What Debian's cloud image looks like after the usual `qm create`, `qm importdisk`, `qm template`.
function newTemplate(node: string, now: number): Guest {
  const guest = newGuest(templateVmid, node, "qemu", {
    agent: "1",
    boot: "order=scsi0",
    cores: 2,
    cpu: "x86-64-v2-AES",
    ide2: "local-lvm:vm-9000-cloudinit,media=cdrom",
    memory: "2048",
    ...newIdentity(now),
    name: "debian-12-template",
    net0: `virtio=${newMac()},bridge=vmbr0`,
    numa: 0,
    ostype: "l26",
    scsi0: "local-lvm:base-9000-disk-0,discard=on,size=3G,ssd=1",
    scsihw: "virtio-scsi-single",
    serial0: "socket",
    sockets: 1,
    template: 1,
    vga: "serial0",
  });
  guest.template = true;
  return guest;
}

function localStorage(now: number): Storage {
  const storage: Storage = {
    storage: "local",
    type: "dir",
    content: "iso,vztmpl,import,snippets,backup",
    path: "/var/lib/vz",
    shared: 0,
    totalBytes: 400 * gibibyte,
    volumes: {},
  };
  const files: Pick<Volume, "volid" | "content" | "format" | "sizeBytes" | "virtualBytes">[] = [
    { volid: containerTemplate, content: "vztmpl", format: "tzst", sizeBytes: 126_515_062 },
    {
      volid: cloudImage,
      content: "import",
      format: "qcow2",
      sizeBytes: 444_792_832,
      virtualBytes: 3 * gibibyte,
    },
  ];
  for (const file of files) storage.volumes[file.volid] = { ...file, ctime: Math.floor(now / 1000) };
  return storage;
}

function lvmStorage(): Storage {
  return {
    storage: "local-lvm",
    type: "lvmthin",
    content: "images,rootdir",
    shared: 0,
    totalBytes: 1800 * gibibyte,
    volumes: {},
  };
}

function disk(volid: string, sizeBytes: number, now: number): Volume {
  return {
    volid,
    content: "images",
    format: "raw",
    sizeBytes,
    ctime: Math.floor(now / 1000),
    vmid: templateVmid,
  };
}

function addVolume(world: World, storage: string, volume: Volume): void {
  const found = world.storages[storage];
  if (found) found.volumes[volume.volid] = volume;
}
