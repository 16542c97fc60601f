import { digestOf, powerOff, powerOn } from "../../guest.ts";
import type { Guest, GuestKind, Snapshot } from "../../world.ts";
import { failure, parameterError } from "../errors.ts";
import { guestOf, kindNames, requireUnlocked, startTask } from "../guests.ts";
import type { Call, Permission, Route } from "../route.ts";

const snapshot: Permission = { at: "/vms/{vmid}", all: ["VM.Snapshot"] };
const reserved = ["current", "pending"];

/** Snapshots of one kind of guest. */
export function guestSnapshotRoutes(kind: GuestKind): readonly Route[] {
  const base = `nodes/{node}/${kind}/{vmid}/snapshot`;
  const single = `${base}/{snapname}`;
  return [
    {
      method: "GET",
      path: base,
      permission: { at: "/vms/{vmid}", all: ["VM.Audit"] },
      handle: (call) => list(guestOf(call, kind)),
    },
    { method: "POST", path: base, permission: snapshot, handle: (call) => create(call, guestOf(call, kind)) },
    {
      method: "DELETE",
      path: single,
      permission: snapshot,
      handle: (call) => remove(call, guestOf(call, kind)),
    },
    {
      method: "POST",
      path: `${single}/rollback`,
      permission: { at: "/vms/{vmid}", any: ["VM.Snapshot", "VM.Snapshot.Rollback"] },
      handle: (call) => rollback(call, guestOf(call, kind)),
    },
    {
      method: "GET",
      path: `${single}/config`,
      permission: { at: "/vms/{vmid}", any: ["VM.Snapshot", "VM.Snapshot.Rollback", "VM.Audit"] },
      handle(call) {
        const { config, description, snaptime } = named(call, guestOf(call, kind));
        return { ...config, description, snaptime };
      },
    },
    {
      method: "PUT",
      path: `${single}/config`,
      permission: snapshot,
      handle(call) {
        const found = named(call, guestOf(call, kind));
        const description = call.input.text("description");
        if (description !== undefined) found.description = description;
      },
    },
  ];
}

function list(guest: Guest): unknown {
  const rows = Object.values(guest.snapshots).map(({ config: _config, inside: _inside, vmstate, ...rest }) =>
    guest.kind === "qemu" ? { ...rest, vmstate } : rest,
  );
  const parent = newest(guest);
  const current = {
    name: "current",
    description: "You are here!",
    digest: digestOf(guest.config),
    running: guest.status === "running" ? 1 : 0,
    ...(parent !== undefined && { parent }),
  };
  return [...rows, current];
}

// The current state descends from the snapshot made or rolled back to last.
function newest(guest: Guest): string | undefined {
  return guest.currentParent !== undefined && guest.snapshots[guest.currentParent]
    ? guest.currentParent
    : undefined;
}

function create(call: Call, guest: Guest): string {
  const name = call.input.required("snapname");
  if (!/^[a-z][a-z0-9_-]{1,39}$/i.test(name)) {
    throw parameterError({ snapname: `invalid format - value does not look like a valid config ID` });
  }
  if (reserved.includes(name)) throw failure(`unable to use snapshot name '${name}' (reserved name)`);
  requireUnlocked(call, guest);
  const label = kindNames[guest.kind];
  return startTask(call, guest.kind === "qemu" ? "qmsnapshot" : "vzsnapshot", guest.vmid, {
    lock: { guest, name: "snapshot" },
    async run() {
      if (guest.template) throw new Error("snapshot feature is not available");
      if (guest.snapshots[name]) throw new Error(`snapshot name '${name}' already used`);
      const parent = newest(guest);
      const made: Snapshot = {
        name,
        description: call.input.text("description") ?? "",
        snaptime: Math.floor(call.lab.now() / 1000),
        vmstate: label === "VM" && call.input.flag("vmstate") && guest.status === "running" ? 1 : 0,
        config: { ...guest.config },
        inside: structuredClone(guest.inside),
        ...(parent !== undefined && { parent }),
      };
      guest.snapshots[name] = made;
      guest.currentParent = name;
      const { machines } = call.lab;
      await machines?.whileStill(guest, () => machines.disks.keep(guest, name));
    },
  });
}

function remove(call: Call, guest: Guest): string {
  const name = call.path.snapname ?? "";
  requireUnlocked(call, guest);
  return startTask(call, guest.kind === "qemu" ? "qmdelsnapshot" : "vzdelsnapshot", guest.vmid, {
    lock: { guest, name: "snapshot-delete" },
    run() {
      const found = guest.snapshots[name];
      if (!found) throw new Error(`snapshot '${name}' does not exist`);
      delete guest.snapshots[name];
      for (const other of Object.values(guest.snapshots)) {
        if (other.parent === name) adopt(other, found.parent);
      }
      if (guest.currentParent === name) adoptCurrent(guest, found.parent);
    },
  });
}

function adopt(snapshotOf: Snapshot, parent: string | undefined): void {
  if (parent === undefined) delete snapshotOf.parent;
  else snapshotOf.parent = parent;
}

function adoptCurrent(guest: Guest, parent: string | undefined): void {
  if (parent === undefined) delete guest.currentParent;
  else guest.currentParent = parent;
}

function rollback(call: Call, guest: Guest): string {
  const name = call.path.snapname ?? "";
  requireUnlocked(call, guest);
  return startTask(call, guest.kind === "qemu" ? "qmrollback" : "vzrollback", guest.vmid, {
    lock: { guest, name: "rollback" },
    async run() {
      const found = guest.snapshots[name];
      if (!found) throw new Error(`snapshot '${name}' does not exist`);
      const { machines } = call.lab;
      powerOff(guest);
      // The machine is stopped before its disks are replaced.
      await machines?.follow();
      guest.config = { ...found.config };
      if (found.inside) guest.inside = structuredClone(found.inside);
      guest.currentParent = name;
      await machines?.disks.restore(guest, found.config, name);
      if (found.vmstate === 1 || call.input.flag("start")) powerOn(guest, call.lab.now());
    },
  });
}

function named(call: Call, guest: Guest): Snapshot {
  const found = guest.snapshots[call.path.snapname ?? ""];
  if (!found) throw failure(`snapshot '${call.path.snapname}' does not exist`);
  return found;
}
