import { ApiError } from "../errors.ts";
import type { Call, Route } from "../route.ts";

export const accessRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "access/ticket",
    permission: "world",
    handle(call) {
      const username = call.input.required("username");
      const password = call.input.required("password");
      const user = call.lab.world.users[username];
      const renewal = call.lab.tickets.userOf(password) === username;
      if (!user || (user.password !== password && !renewal))
        throw new ApiError(401, "authentication failure");
      const { ticket, csrf } = call.lab.tickets.issue(username);
      return {
        username,
        ticket,
        CSRFPreventionToken: csrf,
        clustername: "lab",
        cap: capabilities(user.privileges),
      };
    },
  },
  {
    method: "GET",
    path: "access/permissions",
    permission: "user",
    handle: (call) => ownPermissions(call),
  },
];

// The tree of ACL paths that the caller has anything on; 1 = with propagation.
function ownPermissions(call: Call): Record<string, Record<string, 1>> {
  return Object.fromEntries(
    Object.entries(call.who.privileges).map(([path, privileges]) => [path, ones(privileges)]),
  );
}

// The web page's short list: per area the privileges held (PVE::RPCEnvironment::compute_api_permission).
function capabilities(privileges: Record<string, string[]>): Record<string, Record<string, 1>> {
  const areas = {
    vms: "VM.",
    nodes: "Sys.",
    storage: "Datastore.",
    dc: "Sys.",
    access: "User.",
    sdn: "SDN.",
  };
  const held = Object.values(privileges).flat();
  return Object.fromEntries(
    Object.entries(areas).map(([area, prefix]) => [
      area,
      ones(held.filter((name) => name.startsWith(prefix))),
    ]),
  );
}

function ones(names: readonly string[]): Record<string, 1> {
  return Object.fromEntries(names.map((name) => [name, 1] as const));
}
