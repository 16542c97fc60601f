import type { Guest } from "../../world.ts";
import { ApiError, failure } from "../errors.ts";
import { allowed, type Call, type Route, requirePrivileges } from "../route.ts";

export const poolRoutes: readonly Route[] = [
  { method: "GET", path: "pools", permission: "user", handle: list },
  {
    method: "GET",
    path: "pools/{poolid}",
    permission: { at: "/pool/{poolid}", all: ["Pool.Audit"] },
    handle(call) {
      const { poolid: _id, ...rest } = details(call, call.path.poolid ?? "");
      return rest;
    },
  },
  {
    method: "POST",
    path: "pools",
    permission: "user",
    handle(call) {
      const pool = call.input.required("poolid");
      requirePrivileges(call, `/pool/${pool}`, ["Pool.Allocate"]);
      if (call.lab.world.pools[pool]) throw failure(`create pool failed: pool '${pool}' already exists`);
      const comment = call.input.text("comment");
      call.lab.world.pools[pool] = comment === undefined ? {} : { comment };
    },
  },
  {
    method: "PUT",
    path: "pools",
    permission: "user",
    handle: (call) => change(call, call.input.required("poolid")),
  },
  {
    method: "PUT",
    path: "pools/{poolid}",
    permission: "user",
    handle: (call) => change(call, call.path.poolid ?? ""),
  },
  {
    method: "DELETE",
    path: "pools",
    permission: "user",
    handle: (call) => remove(call, call.input.required("poolid")),
  },
  {
    method: "DELETE",
    path: "pools/{poolid}",
    permission: "user",
    handle: (call) => remove(call, call.path.poolid ?? ""),
  },
];

function list(call: Call): unknown {
  const wanted = call.input.text("poolid");
  if (wanted !== undefined) {
    requirePrivileges(call, `/pool/${wanted}`, ["Pool.Audit"]);
    return [details(call, wanted)];
  }
  return Object.entries(call.lab.world.pools)
    .filter(([pool]) => allowed(call, `/pool/${pool}`, ["Pool.Audit"]))
    .map(([poolid, pool]) => ({ poolid, ...pool }));
}

function details(call: Call, poolid: string): Record<string, unknown> {
  const pool = call.lab.world.pools[poolid];
  if (!pool) throw failure(`pool '${poolid}' does not exist`);
  const members = membersOf(call, poolid).map(({ kind, vmid, node, status, config }) => ({
    id: `${kind}/${vmid}`,
    type: kind,
    vmid,
    node,
    status,
    name: kind === "qemu" ? config.name : config.hostname,
  }));
  return { poolid, ...pool, members };
}

function membersOf(call: Call, pool: string): Guest[] {
  return Object.values(call.lab.world.guests).filter((guest) => guest.pool === pool);
}

function change(call: Call, poolid: string): void {
  requirePrivileges(call, `/pool/${poolid}`, ["Pool.Allocate"]);
  const pool = call.lab.world.pools[poolid];
  if (!pool) throw failure(`pool '${poolid}' does not exist`);
  const comment = call.input.text("comment");
  if (comment !== undefined) pool.comment = comment;
  for (const vmid of call.input.list("vms")) {
    const guest = call.lab.world.guests[vmid];
    if (!guest) throw failure(`VM ${vmid} does not exist`);
    if (call.input.flag("delete")) {
      if (guest.pool !== poolid) throw failure(`VM ${vmid} is not a pool member`);
      delete guest.pool;
    } else {
      if (guest.pool === poolid) throw failure(`VM ${vmid} is already a pool member`);
      if (guest.pool !== undefined && !call.input.flag("allow-move")) {
        throw failure(`VM ${vmid} belongs already to pool '${guest.pool}' and 'allow-move' is not set`);
      }
      guest.pool = poolid;
    }
  }
}

function remove(call: Call, poolid: string): void {
  requirePrivileges(call, `/pool/${poolid}`, ["Pool.Allocate"]);
  if (!call.lab.world.pools[poolid]) throw new ApiError(500, `pool '${poolid}' does not exist`);
  if (membersOf(call, poolid).length > 0) throw failure(`delete pool failed: pool '${poolid}' is not empty`);
  delete call.lab.world.pools[poolid];
}
