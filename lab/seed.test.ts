import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { roles } from "./api/privileges.ts";
import { newWorld } from "./seed.ts";

test("docs/lab.md lists what each token may: its role, and every privilege besides", () => {
  const text = readFileSync(join(import.meta.dirname, "../docs/lab.md"), "utf8");
  const { tokens } = newWorld(["pve1"], 0);
  expect(Object.keys(tokens)).toHaveLength(3);
  for (const { id, privileges } of Object.values(tokens)) {
    const row = text.split("\n").find((line) => line.startsWith(`| \`${id}\` |`)) ?? "";
    const everywhere = privileges["/"] ?? [];
    const further = Object.values(privileges).flat();
    const held = new Set([...everywhere, ...further]);
    const role = /role (\w+)/.exec(row)?.[1] as keyof typeof roles;
    const named = [...row.matchAll(/`((?:VM|Sys|Datastore)\.[\w.]+)`/g)].map(([, name]) => name);
    expect([...roles[role], ...named].toSorted(), id).toEqual([...held].toSorted());
  }
});
