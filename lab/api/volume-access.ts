import type { Volume } from "../world.ts";
import { failure } from "./errors.ts";
import { allowed, type Call, requirePrivileges } from "./route.ts";

/** Whether the caller may see a volume: the rules of PVE::Storage::check_volume_access. */
export function maySee(call: Call, storage: string, volume: Volume): boolean {
  const at = `/storage/${storage}`;
  if (allowed(call, at, ["Datastore.Allocate"])) return true;
  if (["iso", "vztmpl", "import"].includes(volume.content)) {
    return allowed(call, at, ["Datastore.AllocateSpace", "Datastore.Audit"], true);
  }
  const guest = volume.vmid === undefined ? undefined : `/vms/${volume.vmid}`;
  if (guest === undefined) return false;
  if (volume.content === "backup") {
    return allowed(call, at, ["Datastore.AllocateSpace"]) && allowed(call, guest, ["VM.Backup"]);
  }
  return allowed(call, at, ["Datastore.Audit"]) && allowed(call, guest, ["VM.Config.Disk"]);
}

/** @throws ApiError where `maySee` says no. */
export function requireVisible(call: Call, storage: string, volume: Volume): void {
  if (!maySee(call, storage, volume)) throw failure(`missing privileges to access ${volume.volid}`);
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
