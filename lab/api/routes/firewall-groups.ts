import type { FirewallGroup } from "../../world.ts";
import { failure } from "../errors.ts";
import type { Call, Permission, Route } from "../route.ts";
import { ruleRoutes } from "./firewall.ts";

const base = "cluster/firewall/groups";
const write: Permission = { at: "/", all: ["Sys.Modify"] };

/** Security groups and their rules. Source: PVE::API2::Firewall::Groups. */
export const firewallGroupRoutes: readonly Route[] = [
  {
    method: "GET",
    path: base,
    permission: "user",
    handle: ({ lab: { world } }) =>
      Object.entries(world.firewall.groups).map(([group, { comment }]) => ({
        group,
        ...(comment !== undefined && { comment }),
        digest: "0".repeat(40),
      })),
  },
  { method: "POST", path: base, permission: write, handle: createOrRename },
  {
    method: "DELETE",
    path: `${base}/{group}`,
    permission: write,
    handle(call) {
      if (groupOf(call).rules.length > 0) throw failure(`Security group '${call.path.group}' is not empty`);
      delete call.lab.world.firewall.groups[call.path.group ?? ""];
    },
  },
  ...ruleRoutes({
    base: `${base}/{group}`,
    read: { at: "/", all: ["Sys.Audit"] },
    write,
    of: (call) => groupOf(call).rules,
  }),
];

function createOrRename(call: Call): void {
  const { groups } = call.lab.world.firewall;
  const name = call.input.required("group");
  const old = call.input.text("rename");
  const comment = call.input.text("comment");
  if (old === undefined) {
    if (groups[name]) throw failure(`Security group '${name}' already exists`);
    groups[name] = { rules: [] };
  } else {
    const group = groups[old];
    if (!group) throw failure(`Security group '${old}' does not exist`);
    if (old !== name && groups[name]) throw failure(`Security group '${name}' already exists`);
    delete groups[old];
    groups[name] = group;
  }
  const group = groups[name];
  if (!group || comment === undefined) return;
  if (comment === "") delete group.comment;
  else group.comment = comment;
}

function groupOf(call: Call): FirewallGroup {
  const group = call.lab.world.firewall.groups[call.path.group ?? ""];
  if (!group) throw failure(`no such security group '${call.path.group}'`);
  return group;
}
