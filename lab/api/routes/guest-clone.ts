import { randomUUID } from "node:crypto";
import { isCloudInitDrive, volidOf } from "../../config/drive.ts";
import { diskKey, mountKey, netKey } from "../../config/keys.ts";
import { parseProperties, printProperties } from "../../config/property-string.ts";
import { newGuest, newInside, withNewMac } from "../../guest.ts";
import {
  allocateVolume,
  findVolume,
  removeVolume,
  splitVolid,
  storageOf,
  volumesOfGuest,
} from "../../volumes.ts";
import type { ConfigValue, Guest, GuestKind, World } from "../../world.ts";
import { requireBridge } from "../bridge-access.ts";
import { failure } from "../errors.ts";
import {
  guestOf,
  requireAllocate,
  requireFreeId,
  requireUnlocked,
  startTask,
  verifyParameters,
  vmidParameter,
} from "../guests.ts";
import { type Call, type Route, requirePrivileges } from "../route.ts";

/** Cloning and templates of one kind of guest. */
export function guestCloneRoutes(kind: GuestKind): readonly Route[] {
  const base = `nodes/{node}/${kind}/{vmid}`;
  return [
    {
      method: "POST",
      path: `${base}/clone`,
      permission: { at: "/vms/{vmid}", all: ["VM.Clone"] },
      handle: (call) => clone(call, guestOf(call, kind)),
    },
    {
      method: "POST",
      path: `${base}/template`,
      permission: { at: "/vms/{vmid}", all: ["VM.Allocate"] },
      handle(call) {
        const guest = guestOf(call, kind);
        requireUnlocked(call, guest);
        if (guest.status === "running") throw failure("you can't convert a running VM to template");
        return startTask(call, kind === "qemu" ? "qmtemplate" : "vztemplate", guest.vmid, {
          run() {
            guest.template = true;
            guest.config.template = 1;
          },
        });
      },
    },
  ];
}

function clone(call: Call, source: Guest): string {
  const { world, now } = call.lab;
  const { input } = call;
  verifyParameters(call, source.kind, "clone");
  const newid = vmidParameter(call, "newid");
  const pool = input.text("pool");
  requireAllocate(call, newid, pool);
  requireUnlocked(call, source);
  requireFreeId(call, newid);
  const full = input.flag("full") ?? !source.template;
  const storage = input.text("storage");
  if (!full && !source.template) throw failure("Linked clone feature is not available");
  if (storage !== undefined) {
    if (!full) throw failure("parameter 'storage' not allowed for linked clones");
    storageOf(world, storage);
  }
  requireClonable(call, source, storage);
  const config = clonedConfig(source);
  const name = input.text(source.kind === "qemu" ? "name" : "hostname");
  if (name !== undefined) config[source.kind === "qemu" ? "name" : "hostname"] = name;
  else if (source.kind === "qemu") config.name = `Copy-of-VM-${String(source.config.name ?? source.vmid)}`;
  const description = input.text("description");
  if (description !== undefined) config.description = description;
  const guest = newGuest(newid, input.text("target") ?? source.node, source.kind, config);
  if (pool !== undefined) guest.pool = pool;
  guest.firewall = structuredClone(source.firewall);
  delete world.firewall.withoutGuest?.[newid];
  world.guests[newid] = guest;
  return startTask(call, source.kind === "qemu" ? "qmclone" : "vzclone", source.vmid, {
    lock: { guest, name: "clone" },
    async run(log) {
      const copies = copyDisks(world, guest, { storage, now: now(), log });
      const { machines } = call.lab;
      await machines?.whileStill(source, async () => {
        for (const { from, to } of copies) await machines.disks.copy(from, to);
      });
      // The copied disks keep their files; host keys are generated again (cloud-init, pve-container's clone hook).
      guest.inside = { ...newInside(guest.kind, guest.config), files: { ...source.inside.files } };
    },
    undo() {
      for (const volume of volumesOfGuest(world, newid)) removeVolume(world, volume.volid);
      delete world.guests[newid];
    },
  });
}

// Space where the disks go, and the bridges of the source ($check_storage_access_clone, check_bridge_access).
function requireClonable(call: Call, source: Guest, storage: string | undefined): void {
  const isDisk = source.kind === "qemu" ? diskKey : mountKey;
  for (const [key, value] of Object.entries(source.config)) {
    const volid = isDisk.test(key) && !/media=cdrom/.test(String(value)) ? volidOf(String(value)) : undefined;
    if (volid === undefined) continue;
    requirePrivileges(call, `/storage/${storage ?? splitVolid(volid).storage}`, ["Datastore.AllocateSpace"]);
  }
  for (const [key, value] of Object.entries(source.config)) {
    if (netKey.test(key)) requireBridge(call, source.kind, String(value));
  }
}

// New MACs and identifiers; template, lock, snapshots and unused disks stay behind (clone_vm in PVE::API2::Qemu).
function clonedConfig(source: Guest): Record<string, ConfigValue> {
  const config: Record<string, ConfigValue> = {};
  for (const [key, value] of Object.entries(source.config)) {
    if (key === "template" || /^unused\d+$/.test(key)) continue;
    config[key] = netKey.test(key) ? withNewMac(source.kind, String(value)) : value;
  }
  if (source.kind === "qemu") {
    if (config.vmgenid !== undefined) config.vmgenid = randomUUID();
    const smbios = parseProperties(String(config.smbios1 ?? ""), "uuid");
    smbios.set("uuid", randomUUID());
    config.smbios1 = printProperties(smbios);
  }
  return config;
}

interface CopyOptions {
  storage: string | undefined;
  now: number;
  log(line: string): void;
}

/** Volids of what is copied, and of the copies. */
function copyDisks(world: World, guest: Guest, options: CopyOptions): { from: string; to: string }[] {
  const copies: { from: string; to: string }[] = [];
  const isDisk = guest.kind === "qemu" ? diskKey : mountKey;
  for (const [key, value] of Object.entries(guest.config)) {
    if (!isDisk.test(key)) continue;
    const volid = volidOf(String(value));
    const original = volid === undefined ? undefined : findVolume(world, volid);
    if (volid === undefined || !original || original.content === "iso") continue;
    const cloudInit = isCloudInitDrive(String(value));
    const copy = allocateVolume(world, {
      storage: options.storage ?? splitVolid(volid).storage,
      vmid: guest.vmid,
      content: original.content === "rootdir" ? "rootdir" : "images",
      bytes: original.sizeBytes,
      format: original.format,
      ...(cloudInit && { name: "cloudinit" as const }),
      now: options.now,
    });
    if (original.image !== undefined) copy.image = original.image;
    options.log(`create full clone of drive ${key} (${volid})`);
    const parts = parseProperties(String(value), "file", ["volume"]);
    parts.set("file", copy.volid);
    guest.config[key] = printProperties(parts, "file");
    copies.push({ from: volid, to: copy.volid });
  }
  return copies;
}
