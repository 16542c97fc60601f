import { randomUUID } from "node:crypto";
import { builtIn } from "../../api/grants.ts";
import { roles } from "../../api/privileges.ts";
import type { Holder, World } from "../../world.ts";
import type { Answer, CommandGroup } from "./command.ts";
import { textTable } from "./text-table.ts";

/** pveum(1) on a node: roles, users, tokens and what they may. Source: PVE::CLI::pveum, PVE::API2::{Role,User,ACL}. */
export const userTools: CommandGroup = {
  pveum: (call) => {
    const { names, options } = parsed(call.args);
    const { world, changed } = call.machine.context;
    const run = verbs[names.slice(0, names[0] === "user" && names[1] === "token" ? 3 : 2).join(" ")];
    const answer = run?.(world, names.slice(names[1] === "token" ? 3 : 2), options);
    if (answer?.code === undefined && answer !== undefined) changed();
    return answer;
  },
};

type Options = Record<string, string>;
type Verb = (world: World, names: readonly string[], options: Options) => Answer | undefined;

const verbs: Record<string, Verb> = {
  "role add": (world, [role = ""], { privs = "" }) => {
    if (world.roles?.[role] ?? builtIn(role))
      return died(`create role failed: role '${role}' already exists`);
    return setRole(world, role, words(privs), "create");
  },
  "role modify": (world, [role = ""], { privs = "", append }) => {
    const before = world.roles?.[role];
    if (before === undefined) return died(`modify role failed: role '${role}' does not exist`);
    const kept = append === undefined || append === "0" ? [] : before;
    return setRole(world, role, [...new Set([...kept, ...words(privs)])], "modify");
  },
  "user add": (world, [user = ""]) => {
    if (world.users[user]) return died(`create user failed: user '${user}' already exists`);
    world.users[user] = { privileges: {} };
    return {};
  },
  "acl modify": (world, [path = ""], { users, tokens, roles: role = "" }) => {
    const holder = users === undefined ? world.tokens[tokens ?? ""] : world.users[users];
    const what = users === undefined ? `token '${tokens}'` : `user '${users}'`;
    if (holder === undefined) return died(`update ACL failed: ${what} does not exist`);
    if (world.roles?.[role] === undefined && builtIn(role) === undefined) {
      return died(`update ACL failed: role '${role}' does not exist`);
    }
    give(holder, path, role);
    return {};
  },
  "user token add": (world, [user = "", name = ""], { privsep = "1" }) => {
    if (!world.users[user]) return died(`no such user ('${user}')`);
    const id = `${user}!${name}`;
    if (world.tokens[id]) return died("400 Parameter verification failed.\ntokenid: Token already exists.");
    const secret = randomUUID();
    world.tokens[id] = { id, secret, privileges: {}, user, privsep: privsep !== "0" };
    const rows = [
      ["key", "value"],
      ["full-tokenid", id],
      ["info", `{"privsep":"${privsep}"}`],
      ["value", secret],
    ];
    return { out: textTable(rows) };
  },
};

function setRole(world: World, role: string, privileges: string[], what: string): Answer {
  const known: readonly string[] = roles.Administrator;
  const wrong = privileges.find((privilege) => !known.includes(privilege));
  if (wrong !== undefined) return died(`${what} role failed: invalid privilege '${wrong}'`);
  world.roles = { ...world.roles, [role]: privileges };
  return {};
}

function give(holder: Holder, path: string, role: string): void {
  const before = holder.acl?.[path] ?? [];
  holder.acl = { ...holder.acl, [path]: [...new Set([...before, role])] };
}

// `--name value`, `--name=value`, `-name value`; `--name` alone is 1.
function parsed(args: readonly string[]): { names: string[]; options: Options } {
  const names: string[] = [];
  const options: Options = {};
  for (let at = 0; at < args.length; at += 1) {
    const [, name, inline] = /^--?([a-z][a-z-]*)(?:=(.*))?$/s.exec(args[at] ?? "") ?? [];
    const next = args[at + 1];
    if (name === undefined) names.push(args[at] ?? "");
    else if (inline !== undefined) options[name] = inline;
    else if (next === undefined || next.startsWith("-")) options[name] = "1";
    else {
      options[name] = next;
      at += 1;
    }
  }
  return { names, options };
}

function words(list: string): string[] {
  return list.split(/[\s,;]+/).filter((word) => word !== "");
}

function died(message: string): Answer {
  return { code: 255, err: `${message}\n` };
}
