import { hasFault } from "../../core.ts";
import { ApiError } from "../errors.ts";
import type { Call, Permission, Route } from "../route.ts";
import { allowed } from "../route.ts";

const audit: Permission = { at: "/", all: ["Sys.Audit"] };

const lowestVmid = 100;

export const clusterRoutes: readonly Route[] = [
  { method: "GET", path: "cluster/status", permission: audit, handle: clusterStatus },
  { method: "GET", path: "cluster/nextid", permission: "user", handle: nextId },
  {
    method: "GET",
    path: "cluster/options",
    permission: "user",
    handle: (call) =>
      allowed(call, "/", ["Sys.Audit"])
        ? { keyboard: "en-us", mac_prefix: "BC:24:11", "allowed-tags": [] }
        : {},
  },
  { method: "GET", path: "cluster/config/qdevice", permission: audit, handle: () => ({}) },
  {
    method: "GET",
    path: "cluster/config/nodes",
    permission: audit,
    handle: (call) => nodeNames(call).map((name, index) => ({ name, node: name, nodeid: String(index + 1) })),
  },
  { method: "GET", path: "cluster/replication", permission: "user", handle: () => [] },
  { method: "GET", path: "cluster/ha/resources", permission: audit, handle: () => [] },
  { method: "GET", path: "cluster/ha/groups", permission: audit, handle: () => [] },
  { method: "GET", path: "cluster/ha/rules", permission: audit, handle: () => [] },
  {
    method: "GET",
    path: "cluster/ha/status/current",
    permission: audit,
    handle: () => [{ id: "quorum", node: "pve1", quorate: 1, status: "OK", type: "quorum" }],
  },
];

function nodeNames(call: Call): string[] {
  return Object.keys(call.lab.world.nodes);
}

// The cluster row comes first. "local" is the node that was asked.
function clusterStatus(call: Call): unknown {
  const { world } = call.lab;
  const names = nodeNames(call);
  const online = (name: string) => !hasFault(world, "node-offline", name);
  const quorate = names.filter(online).length * 2 > names.length || names.length === 1 ? 1 : 0;
  return [
    { type: "cluster", id: "cluster", name: "lab", nodes: names.length, quorate, version: names.length },
    ...Object.values(world.nodes).map((node, index) => ({
      type: "node",
      id: `node/${node.name}`,
      name: node.name,
      nodeid: index + 1,
      online: online(node.name) ? 1 : 0,
      local: node.name === call.entry ? 1 : 0,
      level: "",
      ip: node.ssh.address,
    })),
  ];
}

function nextId(call: Call): string {
  const { world } = call.lab;
  const asked = call.input.int("vmid");
  if (asked !== undefined) {
    if (!world.guests[asked]) return String(asked);
    throw new ApiError(400, "Parameter verification failed.", {
      errors: { vmid: `VM ${asked} already exists` },
    });
  }
  let vmid = lowestVmid;
  while (world.guests[vmid]) vmid += 1;
  return String(vmid);
}
