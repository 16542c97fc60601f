import { hasFault } from "../../core.ts";
import { guestName, lockOf } from "../../guest.ts";
import { nodeNumbers } from "../../node-numbers.ts";
import { guestNumbers, shownStatus } from "../../numbers.ts";
import { onNode, usedBytes } from "../../volumes.ts";
import type { Guest, LabNode, Storage, World } from "../../world.ts";
import { parameterError } from "../errors.ts";
import { allowed, type Call, type Route } from "../route.ts";

type Row = Record<string, unknown>;

const types = ["vm", "storage", "node", "sdn"];

export const clusterResourceRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "cluster/resources",
    permission: "user",
    handle(call) {
      const type = call.input.text("type");
      if (type !== undefined && !types.includes(type)) {
        throw parameterError({ type: `value '${type}' does not have a value in the enumeration` });
      }
      const wants = (name: string) => type === undefined || type === name;
      return [
        ...(type === undefined ? poolRows(call) : []),
        ...(wants("vm") ? guestRows(call) : []),
        ...(wants("node") ? nodeRows(call) : []),
        ...(wants("storage") ? storageRows(call) : []),
        ...(type === undefined ? networkRows(call) : []),
      ];
    },
  },
];

function poolRows(call: Call): Row[] {
  return Object.keys(call.lab.world.pools)
    .filter((pool) => allowed(call, `/pool/${pool}`, ["Pool.Audit"]))
    .map((pool) => ({ id: `/pool/${pool}`, pool, type: "pool" }));
}

function guestRows(call: Call): Row[] {
  const { world } = call.lab;
  const now = call.lab.now();
  return Object.values(world.guests)
    .filter((guest) => allowed(call, `/vms/${guest.vmid}`, ["VM.Audit"]))
    .map((guest) => guestRow(world, guest, now));
}

function guestRow(world: World, guest: Guest, now: number): Row {
  const lock = lockOf(world, guest);
  const { vmid, kind, node, pool } = guest;
  return {
    id: `${kind}/${vmid}`,
    type: kind,
    vmid,
    node,
    name: guestName(guest),
    status: shownStatus(world, guest),
    template: guest.template ? 1 : 0,
    ...guestNumbers(world, guest, now),
    ...(pool !== undefined && { pool }),
    ...(guest.config.tags !== undefined && { tags: guest.config.tags }),
    ...(lock !== undefined && { lock }),
  };
}

// Without Sys.Audit a node shows its name and status alone (extract_node_stats).
function nodeRows(call: Call): Row[] {
  const { world, now } = call.lab;
  return Object.values(world.nodes).map((node) => {
    const status = hasFault(world, "node-offline", node.name) ? "offline" : "online";
    const row = { id: `node/${node.name}`, type: "node", node: node.name, status };
    const audit = allowed(call, `/nodes/${node.name}`, ["Sys.Audit"]);
    return audit && status === "online"
      ? { ...row, level: "", "cgroup-mode": 2, ...nodeNumbers(world, node, now()) }
      : row;
  });
}

function storageRows(call: Call): Row[] {
  const { world } = call.lab;
  return Object.values(world.storages)
    .filter(({ storage }) => allowed(call, `/storage/${storage}`, ["Datastore.Audit"]))
    .flatMap((storage) =>
      Object.values(world.nodes)
        .filter((node) => onNode(storage, node.name))
        .map((node) => storageRow(world, storage, node)),
    );
}

function storageRow(world: World, storage: Storage, node: LabNode): Row {
  return {
    id: `storage/${node.name}/${storage.storage}`,
    type: "storage",
    node: node.name,
    storage: storage.storage,
    status: hasFault(world, "node-offline", node.name) ? "unknown" : "available",
    plugintype: storage.type,
    content: storage.content,
    shared: storage.shared,
    disk: usedBytes(storage),
    maxdisk: storage.totalBytes,
  };
}

function networkRows(call: Call): Row[] {
  if (!allowed(call, "/sdn/zones/localnetwork", ["SDN.Audit"])) return [];
  return Object.keys(call.lab.world.nodes).map((node) => ({
    id: `network/${node}/zone/localnetwork`,
    type: "network",
    "network-type": "zone",
    network: "localnetwork",
    node,
    status: "ok",
  }));
}
