import { removeVolume, volumesOfGuest } from "../../volumes.ts";
import type { Guest, GuestKind, World } from "../../world.ts";
import { failure } from "../errors.ts";
import { guestOf, kindNames, requireUnlocked, startTask } from "../guests.ts";
import type { Call, Route } from "../route.ts";

/** Destruction of one kind of guest. */
export function guestDestroyRoutes(kind: GuestKind): readonly Route[] {
  return [
    {
      method: "DELETE",
      path: `nodes/{node}/${kind}/{vmid}`,
      permission: { at: "/vms/{vmid}", all: ["VM.Allocate"] },
      handle: (call) => destroy(call, guestOf(call, kind)),
    },
  ];
}

function destroy(call: Call, guest: Guest): string {
  const name = kindNames[guest.kind];
  const { world } = call.lab;
  requireUnlocked(call, guest);
  if (guest.config.protection === 1) {
    throw failure(`can't remove ${name} ${guest.vmid} - protection mode enabled`);
  }
  const forced = guest.kind === "lxc" && call.input.flag("force");
  if (guest.status === "running" && !forced) {
    throw failure(`${name} ${guest.vmid} is running - destroy failed`);
  }
  const purge = call.input.flag("purge") ?? false;
  return startTask(call, guest.kind === "qemu" ? "qmdestroy" : "vzdestroy", guest.vmid, {
    lock: { guest, name: "destroyed" },
    run: () => removeGuest(world, guest, purge),
  });
}

/** Takes a guest out of the world with its disks; `purge` also takes it out of backup jobs. Backups stay. */
export function removeGuest(world: World, guest: Guest, purge: boolean): void {
  for (const volume of volumesOfGuest(world, guest.vmid)) removeVolume(world, volume.volid);
  delete world.guests[guest.vmid];
  world.faults = world.faults.filter((fault) => fault.target !== String(guest.vmid));
  if (!purge) return;
  for (const job of Object.values(world.backupJobs)) {
    if (job.vmid === undefined) continue;
    const left = String(job.vmid)
      .split(",")
      .filter((id) => id !== String(guest.vmid));
    if (left.length > 0) job.vmid = left.join(",");
  }
}
