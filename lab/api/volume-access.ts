import type { Volume } from "../world.ts";
import { ApiError, failure } from "./errors.ts";
import { allowed, type Call, requirePrivileges } from "./route.ts";

/**
 * Checks that the caller may use or see a volume; `vmid` is the guest that it is meant for.
 * Source: PVE::Storage, check_volume_access.
 * @throws ApiError 403, and 500 for what only Datastore.Allocate lets see, snippets for example
 */
export function requireVolume(call: Call, storage: string, volume: Volume, vmid?: number): void {
  const at = `/storage/${storage}`;
  if (allowed(call, at, ["Datastore.Allocate"])) return;
  const { content, vmid: owner } = volume;
  if (["iso", "vztmpl", "import"].includes(content)) {
    requirePrivileges(call, at, ["Datastore.AllocateSpace", "Datastore.Audit"], true);
  } else if (owner !== undefined && owner === vmid) {
    return;
  } else if (content === "backup" && owner !== undefined) {
    requirePrivileges(call, at, ["Datastore.AllocateSpace"]);
    requirePrivileges(call, `/vms/${owner}`, ["VM.Backup"]);
  } else if (owner !== undefined) {
    requirePrivileges(call, at, ["Datastore.Audit"]);
    requirePrivileges(call, `/vms/${owner}`, ["VM.Config.Disk"]);
  } else throw failure(`missing privileges to access ${volume.volid}`);
}

/** Whether the caller may see a volume; lists leave out the others. */
export function maySee(call: Call, storage: string, volume: Volume): boolean {
  try {
    requireVolume(call, storage, volume);
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

/** @throws ApiError 403 unless the caller may remove the volume. */
export function requireRemovable(call: Call, storage: string, volume: Volume): void {
  if (volume.content === "backup" && volume.vmid !== undefined) {
    requirePrivileges(call, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
    requirePrivileges(call, `/vms/${volume.vmid}`, ["VM.Backup"]);
  } else {
    requirePrivileges(call, `/storage/${storage}`, ["Datastore.Allocate"]);
  }
}
