import { hasFault } from "../../core.ts";
import { guestRowJson } from "../../guest-row.ts";
import { allNodeNumbers } from "../../node-numbers.ts";
import { onNode, recentlyUsedBytes } from "../../volumes.ts";
import type { LabNode, Storage, World } from "../../world.ts";
import { createRowEncoder } from "../encoded.ts";
import { parameterError } from "../errors.ts";
import { allowed, type Call, guestFilter, type Route } from "../route.ts";

type Row = Record<string, unknown>;

const encodeRows = createRowEncoder();
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
      const rows = [
        ...(type === undefined ? poolRows(call) : []).map(encode),
        ...(wants("vm") ? guestRows(call) : []),
        ...(wants("node") ? nodeRows(call) : []).map(encode),
        ...(wants("storage") ? storageRows(call) : []).map(encode),
        ...(type === undefined ? networkRows(call) : []).map(encode),
      ];
      return encodeRows(rows);
    },
  },
];

function encode(row: Row): string {
  return JSON.stringify(row);
}

function poolRows(call: Call): Row[] {
  return Object.keys(call.lab.world.pools)
    .filter((pool) => allowed(call, `/pool/${pool}`, ["Pool.Audit"]))
    .map((pool) => ({ id: `/pool/${pool}`, pool, type: "pool" }));
}

function guestRows(call: Call): string[] {
  const { world } = call.lab;
  const now = call.lab.now();
  return Object.values(world.guests)
    .filter(guestFilter(call, ["VM.Audit"]))
    .map((guest) => guestRowJson(world, guest, now));
}

// Without Sys.Audit a node shows its name and status alone (extract_node_stats).
function nodeRows(call: Call): Row[] {
  const { world, now } = call.lab;
  const numbers = allNodeNumbers(world, now());
  return Object.values(world.nodes).map((node) => {
    const status = hasFault(world, "node-offline", node.name) ? "offline" : "online";
    const row = { id: `node/${node.name}`, type: "node", node: node.name, status };
    const audit = allowed(call, `/nodes/${node.name}`, ["Sys.Audit"]);
    return audit && status === "online"
      ? { ...row, level: "", "cgroup-mode": 2, ...numbers.get(node.name) }
      : row;
  });
}

function storageRows(call: Call): Row[] {
  const { world } = call.lab;
  return Object.values(world.storages)
    .filter(({ storage }) => allowed(call, `/storage/${storage}`, ["Datastore.Audit"]))
    .flatMap((storage) => {
      const used = recentlyUsedBytes(storage, call.lab.now());
      return Object.values(world.nodes)
        .filter((node) => onNode(storage, node.name))
        .map((node) => storageRow(world, storage, node, used));
    });
}

function storageRow(world: World, storage: Storage, node: LabNode, used: number): Row {
  return {
    id: `storage/${node.name}/${storage.storage}`,
    type: "storage",
    node: node.name,
    storage: storage.storage,
    status: hasFault(world, "node-offline", node.name) ? "unknown" : "available",
    plugintype: storage.type,
    content: storage.content,
    shared: storage.shared,
    disk: used,
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
