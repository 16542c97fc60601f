import { createHash } from "node:crypto";
import type { FirewallRule, GuestFirewall } from "../../world.ts";
import { failure } from "../errors.ts";
import { type FirewallLevel, firewallValue } from "../firewall-level.ts";
import { vmidOf } from "../guests.ts";
import type { Call, Route } from "../route.ts";
import { optionRoutes } from "./firewall-options.ts";

const guestLevel = (kind: "qemu" | "lxc"): FirewallLevel => ({
  base: `nodes/{node}/${kind}/{vmid}/firewall`,
  read: { at: "/vms/{vmid}", all: ["VM.Audit"] },
  write: { at: "/vms/{vmid}", all: ["VM.Config.Network"] },
  of: guestFirewall,
});

// The file NUMBER.fw: nothing checks whether the guest exists, of which kind it is, or where it runs. A missing file is
// an empty one, and writing makes it. Source: PVE::Firewall (load_vmfw_conf, save_vmfw_conf).
function guestFirewall(call: Call, forChange?: "forChange"): GuestFirewall {
  const vmid = vmidOf(call);
  const { guests, firewall } = call.lab.world;
  const found = guests[vmid]?.firewall ?? firewall.withoutGuest?.[vmid] ?? { options: {}, rules: [] };
  if (forChange && !guests[vmid]) firewall.withoutGuest = { ...firewall.withoutGuest, [vmid]: found };
  return found;
}

const levels: readonly FirewallLevel[] = [
  guestLevel("qemu"),
  guestLevel("lxc"),
  {
    base: "nodes/{node}/firewall",
    read: { at: "/nodes/{node}", all: ["Sys.Audit"] },
    write: { at: "/nodes/{node}", all: ["Sys.Modify"] },
    of(call) {
      const node = call.lab.world.nodes[call.path.node ?? ""];
      if (!node) throw failure(`no such node '${call.path.node}'`);
      return node.firewall;
    },
  },
  {
    base: "cluster/firewall",
    read: { at: "/", all: ["Sys.Audit"] },
    write: { at: "/", all: ["Sys.Modify"] },
    of({ lab: { world } }) {
      world.firewall.rules ??= [];
      return { options: world.firewall.options, rules: world.firewall.rules };
    },
  },
];

/** Options and rules of every level: cluster, node, VM, container. */
export const firewallRoutes: readonly Route[] = levels.flatMap((level) => [
  ...optionRoutes(level),
  ...ruleRoutes({
    ...level,
    base: `${level.base}/rules`,
    of: (call, forChange) => level.of(call, forChange).rules,
  }),
]);

/** A list of rules: of a level, or of a security group. */
export interface RuleList extends Omit<FirewallLevel, "of"> {
  of(call: Call, forChange?: "forChange"): FirewallRule[];
}

/** The calls on a list of rules. Source: PVE::API2::Firewall::Rules. */
export function ruleRoutes({ base, read, write, of }: RuleList): readonly Route[] {
  const single = `${base}/{pos}`;
  return [
    {
      method: "GET",
      path: base,
      permission: read,
      handle: (call) => of(call).map((rule, pos) => ({ ...rule, pos, digest: ruleDigest(of(call)) })),
    },
    {
      method: "GET",
      path: single,
      permission: read,
      // The position of a single rule is a string, that of a list's rows a number.
      handle(call) {
        const { rule, pos } = ruleAt(call, of(call));
        return { ...rule, pos: String(pos) };
      },
    },
    {
      method: "POST",
      path: base,
      permission: write,
      handle(call) {
        call.input.required("action");
        call.input.required("type");
        const rule: FirewallRule = {};
        setFields(call, rule);
        if (rule.enable === undefined) rule.enable = 0;
        of(call, "forChange").unshift(rule);
      },
    },
    {
      method: "PUT",
      path: single,
      permission: write,
      handle(call) {
        const rules = of(call);
        const { rule, pos } = ruleAt(call, rules);
        const target = call.input.int("moveto");
        if (target !== undefined) {
          move(rules, pos, target);
          return;
        }
        for (const key of call.input.list("delete")) delete rule[key];
        setFields(call, rule);
      },
    },
    {
      method: "DELETE",
      path: single,
      permission: write,
      handle(call) {
        const rules = of(call);
        rules.splice(ruleAt(call, rules).pos, 1);
      },
    },
  ];
}

function ruleAt(call: Call, rules: FirewallRule[]): { rule: FirewallRule; pos: number } {
  const pos = Number(call.path.pos);
  const rule = rules[pos];
  if (!rule) throw failure(`no rule at position ${call.path.pos}`);
  return { rule, pos };
}

// The rule goes before the one that is at the target now; past the end, to the end.
function move(rules: FirewallRule[], from: number, target: number): void {
  const moved = rules[from];
  if (!moved || target === from) return;
  const rest = rules.filter((_, index) => index !== from);
  rest.splice(target > from ? target - 1 : target, 0, moved);
  rules.splice(0, rules.length, ...rest);
}

const ruleFields = new Set([
  "action",
  "comment",
  "dest",
  "dport",
  "enable",
  "icmp-type",
  "iface",
  "log",
  "macro",
  "proto",
  "source",
  "sport",
  "type",
]);

function setFields(call: Call, rule: FirewallRule): void {
  for (const [key, values] of call.input.entries()) {
    if (!ruleFields.has(key)) continue;
    const value = values.at(-1) ?? "";
    if (value === "") delete rule[key];
    else rule[key] = firewallValue(key, value);
  }
}

function ruleDigest(rules: FirewallRule[]): string {
  return createHash("sha1").update(JSON.stringify(rules)).digest("hex");
}
