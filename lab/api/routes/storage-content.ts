import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseSize } from "../../config/size.ts";
import { listVolumes } from "../../storage-folder.ts";
import { allocateVolume, hasFiles, splitVolid, volumePath } from "../../volumes.ts";
import type { Volume } from "../../world.ts";
import { failure, parameterError } from "../errors.ts";
import { startTask, vmidParameter } from "../guests.ts";
import type { Call, Permission, Route } from "../route.ts";
import { maySee, requireRemovable, requireVolume } from "../volume-access.ts";
import { storageOnNode } from "./storage.ts";

const base = "nodes/{node}/storage/{storage}/content";
const see: Permission = { at: "/storage/{storage}", any: ["Datastore.Audit", "Datastore.AllocateSpace"] };

/** What lies on a storage. Source: PVE::API2::Storage::Content. */
export const storageContentRoutes: readonly Route[] = [
  { method: "GET", path: base, permission: see, handle: list },
  {
    method: "POST",
    path: base,
    permission: { at: "/storage/{storage}", all: ["Datastore.AllocateSpace"] },
    handle(call) {
      const bytes = parseSize(call.input.required("size"));
      if (bytes === undefined) throw parameterError({ size: "value does not match the regex pattern" });
      return allocateVolume(call.lab.world, {
        storage: storageOnNode(call).storage,
        vmid: vmidParameter(call, "vmid"),
        content: "images",
        // Without a unit it is kibibytes.
        bytes: /^\d+$/.test(call.input.required("size")) ? bytes * 1024 : bytes,
        format: call.input.text("format"),
        now: call.lab.now(),
      }).volid;
    },
  },
  { method: "GET", path: `${base}/{volume*}`, permission: "user", handle: info },
  {
    method: "PUT",
    path: `${base}/{volume*}`,
    permission: "user",
    async handle(call) {
      const volume = await volumeOf(call);
      requireVolume(call, call.path.storage ?? "", volume);
      const notes = call.input.text("notes");
      const isProtected = call.input.flag("protected");
      if (notes !== undefined) volume.notes = notes;
      if (isProtected !== undefined) volume.protected = isProtected;
      storageOnNode(call).volumes[volume.volid] = volume;
    },
  },
  { method: "DELETE", path: `${base}/{volume*}`, permission: "user", handle: remove },
];

async function list(call: Call): Promise<unknown> {
  const storage = storageOnNode(call);
  const content = call.input.text("content");
  const vmid = call.input.int("vmid");
  const volumes = await listVolumes(storage, call.lab.storageDirectory(storage.storage));
  return volumes
    .filter((volume) => content === undefined || volume.content === content)
    .filter((volume) => vmid === undefined || volume.vmid === vmid)
    .filter((volume) => maySee(call, storage.storage, volume))
    .map((volume) => row(volume));
}

function row(volume: Volume): Record<string, unknown> {
  const { volid, content, format, ctime, vmid, notes } = volume;
  const kind = /vzdump-(qemu|lxc)-/.exec(volid)?.[1];
  return {
    volid,
    content,
    format,
    size: volume.sizeBytes,
    ctime,
    ...(vmid !== undefined && { vmid }),
    ...(notes !== undefined && { notes }),
    ...(volume.protected && { protected: 1 }),
    ...(content === "backup" && kind !== undefined && { subtype: kind }),
  };
}

async function info(call: Call): Promise<unknown> {
  const storage = storageOnNode(call);
  const volume = await volumeOf(call);
  requireVolume(call, storage.storage, volume);
  return {
    path: volumePath(storage, volume.volid),
    size: volume.virtualBytes ?? volume.sizeBytes,
    used: hasFiles(storage) ? volume.sizeBytes : 0,
    format: volume.format,
    ...(volume.notes !== undefined && { notes: volume.notes }),
    ...(volume.content === "backup" && { protected: volume.protected ? 1 : 0 }),
  };
}

// The volume may be named with or without its storage; the registered object is returned, so that it can change.
async function volumeOf(call: Call): Promise<Volume> {
  const storage = storageOnNode(call);
  const sent = call.path.volume ?? "";
  const volid = sent.startsWith(`${storage.storage}:`) ? sent : `${storage.storage}:${sent}`;
  if (sent.includes(":") && splitVolid(sent).storage !== storage.storage) {
    throw failure("storage ID mismatch");
  }
  const volumes = await listVolumes(storage, call.lab.storageDirectory(storage.storage));
  const found = storage.volumes[volid] ?? volumes.find((volume) => volume.volid === volid);
  if (!found) throw failure(`volume '${volid}' does not exist`);
  return found;
}

async function remove(call: Call): Promise<string> {
  const storage = storageOnNode(call);
  const volume = await volumeOf(call);
  requireRemovable(call, storage.storage, volume);
  if (volume.protected) throw failure(`can't remove protected volume '${volume.volid}'`);
  const owner = volume.vmid === undefined ? "" : `${volume.vmid}@`;
  return startTask(call, "imgdel", `${owner}${storage.storage}`, {
    // The provider goes on without waiting, and may upload another file of this name the next moment.
    atOnce: true,
    run(log) {
      delete storage.volumes[volume.volid];
      const file = fileOf(call, volume);
      if (file !== undefined) rmSync(file, { force: true });
      log(`Removed volume '${volume.volid}'`);
    },
  });
}

/** The file behind a volume of a file storage; undefined for disks. */
export function fileOf(call: Call, volume: Volume): string | undefined {
  const storage = storageOnNode(call);
  if (!hasFiles(storage) || storage.path === undefined || volume.content === "images") return undefined;
  const path = volumePath(storage, volume.volid);
  return join(call.lab.storageDirectory(storage.storage), path.slice(storage.path.length));
}
