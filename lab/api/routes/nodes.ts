import { hasFault } from "../../core.ts";
import { allNodeNumbers, nodeNumbers } from "../../node-numbers.ts";
import type { LabNode } from "../../world.ts";
import { allowed, type Call, type Permission, type Route } from "../route.ts";
import { pveVersion } from "./version.ts";

const audit: Permission = { at: "/nodes/{node}", all: ["Sys.Audit"] };

export const nodeRoutes: readonly Route[] = [
  { method: "GET", path: "nodes", permission: "user", handle: list },
  { method: "GET", path: "nodes/{node}/status", permission: audit, handle: status },
  { method: "GET", path: "nodes/{node}/network", permission: "user", handle: network },
  {
    method: "GET",
    path: "nodes/{node}/dns",
    permission: audit,
    handle: () => ({ dns1: "127.0.0.1", search: "home.lan" }),
  },
  {
    method: "GET",
    path: "nodes/{node}/time",
    permission: audit,
    handle(call) {
      const time = Math.floor(call.lab.now() / 1000);
      return { time, localtime: time, timezone: "UTC" };
    },
  },
  {
    method: "GET",
    path: "nodes/{node}/subscription",
    permission: "user",
    handle: () => ({ status: "notfound", message: "There is no subscription key" }),
  },
  { method: "GET", path: "nodes/{node}/replication", permission: "user", handle: () => [] },
  {
    method: "GET",
    path: "nodes/{node}/hosts",
    permission: { at: "/", all: ["Sys.Audit"] },
    handle: () => ({ data: "127.0.0.1 localhost\n", digest: "0".repeat(40) }),
  },
];

function list(call: Call): unknown {
  const { world, now, fingerprint } = call.lab;
  const numbers = allNodeNumbers(world, now());
  return Object.values(world.nodes).map((node) => {
    const offline = hasFault(world, "node-offline", node.name);
    const row = {
      node: node.name,
      type: "node",
      id: `node/${node.name}`,
      status: offline ? "offline" : "online",
      ssl_fingerprint: fingerprint,
    };
    return !offline && allowed(call, `/nodes/${node.name}`, ["Sys.Audit"])
      ? { ...row, level: "", ...numbers.get(node.name) }
      : row;
  });
}

function nodeOf(call: Call): LabNode {
  const node = call.lab.world.nodes[call.path.node ?? ""];
  if (!node) throw new Error(`no such node '${call.path.node}'`);
  return node;
}

function status(call: Call): unknown {
  const node = nodeOf(call);
  const numbers = nodeNumbers(call.lab.world, node, call.lab.now());
  const load = (numbers.cpu * node.cores).toFixed(2);
  const kernel = "6.17.2-1-pve";
  return {
    uptime: numbers.uptime,
    cpu: numbers.cpu,
    wait: 0,
    idle: 0,
    loadavg: [load, load, load],
    cpuinfo: {
      cores: node.cores,
      cpus: node.cores,
      sockets: 1,
      model: "Simulated CPU",
      mhz: "3000.000",
      hvm: "1",
      user_hz: 100,
      flags: "",
    },
    memory: {
      total: node.memoryBytes,
      used: numbers.mem,
      free: node.memoryBytes - numbers.mem,
      available: node.memoryBytes - numbers.mem,
    },
    swap: { total: 0, used: 0, free: 0 },
    rootfs: {
      total: numbers.maxdisk,
      used: numbers.disk,
      avail: numbers.maxdisk - numbers.disk,
      free: numbers.maxdisk - numbers.disk,
    },
    ksm: { shared: 0 },
    pveversion: `pve-manager/${pveVersion.version}/${pveVersion.repoid}`,
    kversion: `Linux ${kernel} #1 SMP PREEMPT_DYNAMIC`,
    "current-kernel": {
      sysname: "Linux",
      release: kernel,
      version: "#1 SMP PREEMPT_DYNAMIC",
      machine: "x86_64",
    },
    "boot-info": { mode: "efi", secureboot: 0 },
  };
}

// One bridge with the node's address, on one card.
function network(call: Call): unknown {
  const { address } = nodeOf(call).ssh;
  const type = call.input.text("type");
  const rows = [
    {
      iface: "eno1",
      type: "eth",
      priority: 3,
      active: 1,
      exists: 1,
      method: "manual",
      method6: "manual",
      families: ["inet"],
    },
    {
      iface: "vmbr0",
      type: "bridge",
      priority: 4,
      active: 1,
      autostart: 1,
      method: "static",
      method6: "manual",
      families: ["inet"],
      address,
      netmask: "8",
      cidr: `${address}/8`,
      gateway: "127.0.0.1",
      bridge_ports: "eno1",
      bridge_stp: "off",
      bridge_fd: "0",
    },
  ];
  if (type === undefined) return rows;
  return rows.filter((row) => row.type === type || (type === "any_bridge" && row.type === "bridge"));
}
