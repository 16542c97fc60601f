import { ApiError } from "../errors.ts";
import { grantsOf } from "../grants.ts";
import { type Call, heldAt, type Route } from "../route.ts";

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
        cap: capabilities(grantsOf(call.lab.world, user)),
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

const topLevel = ["/", "/access", "/access/groups", "/nodes", "/pool", "/sdn", "/storage", "/vms"];

// At the top-level paths and those with an ACL entry, or at the one asked for; 1 = with propagation. Source:
// PVE::RPCEnvironment, get_effective_permissions.
function ownPermissions(call: Call): Record<string, Record<string, 1>> {
  const asked = call.input.text("path");
  const { privileges, within = {} } = call.who;
  const paths = new Set([...topLevel, ...Object.keys(privileges), ...Object.keys(within)]);
  const found = (asked === undefined ? [...paths] : [asked]).map(
    (path) => [path, ones(heldAt(call, path))] as const,
  );
  return Object.fromEntries(found.filter(([, held]) => asked !== undefined || Object.keys(held).length > 0));
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
