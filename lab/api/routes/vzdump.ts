import { backUp } from "../../backup/back-up.ts";
import { includedGuests } from "../../backup/included.ts";
import { findVolume, storageOf } from "../../volumes.ts";
import type { ConfigValue } from "../../world.ts";
import { failure } from "../errors.ts";
import { startTask } from "../guests.ts";
import { allowed, type Call, type Route, requirePrivileges } from "../route.ts";

/** Backups made now. Source: PVE::API2::VZDump. */
export const vzdumpRoutes: readonly Route[] = [
  { method: "POST", path: "nodes/{node}/vzdump", permission: "user", handle: vzdump },
  {
    method: "GET",
    path: "nodes/{node}/vzdump/extractconfig",
    permission: "user",
    handle(call) {
      const volid = call.input.required("volume");
      const volume = findVolume(call.lab.world, volid);
      if (!volume?.config) throw failure(`volume '${volid}' does not exist`);
      if (volume.vmid !== undefined) requirePrivileges(call, `/vms/${volume.vmid}`, ["VM.Backup"]);
      const lines = Object.entries(volume.config).map(([key, value]) => `${key}: ${value}`);
      return `${lines.join("\n")}\n`;
    },
  },
];

function vzdump(call: Call): string {
  const { world } = call.lab;
  const { input } = call;
  const storageName = input.text("storage") ?? "local";
  const wanted: Record<string, ConfigValue> = { vmid: input.list("vmid").join(",") };
  const pool = input.text("pool");
  if (pool !== undefined) wanted.pool = pool;
  if (input.flag("all")) wanted.all = 1;
  wanted.exclude = input.list("exclude").join(",");
  const meant = includedGuests(world, wanted);
  const local = meant.filter(({ guest }) => guest === undefined || guest.node === call.path.node);
  if (local.length === 0 && !input.flag("all")) return "OK";
  requirePrivileges(call, `/storage/${storageName}`, ["Datastore.AllocateSpace"]);
  const storage = storageOf(world, storageName);
  if (!storage.content.split(",").includes("backup")) {
    throw failure(`storage '${storageName}' does not support backups`);
  }
  const only = local.length === 1 ? local[0] : undefined;
  const guests = local.flatMap(({ guest }) => (guest ? [guest] : []));
  for (const guest of guests) guest.lock ??= "backup";
  const release = () => {
    for (const guest of guests) if (guest.lock === "backup") delete guest.lock;
  };
  return startTask(call, "vzdump", only?.vmid ?? "", {
    async run(log) {
      release();
      const failed: string[] = [];
      for (const { vmid, guest } of local) {
        const reason = !guest
          ? `unable to find VM '${vmid}'`
          : allowed(call, `/vms/${vmid}`, ["VM.Backup"])
            ? await backUp(call.lab, guest, storage, input, log)
            : "no permission";
        if (reason === undefined) continue;
        log(`ERROR: Backup of VM ${vmid} failed - ${reason}`);
        failed.push(String(vmid));
      }
      if (failed.length > 0) throw new Error("job errors");
      log("INFO: Backup job finished successfully");
    },
    undo: release,
  });
}
