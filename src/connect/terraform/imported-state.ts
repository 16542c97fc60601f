import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { readJson } from "../../model/json.ts";
import { Problem } from "../../model/problem.ts";
import type { Importing } from "./types.ts";

// https://developer.hashicorp.com/terraform/internals/json-format does not cover it: a state as it is stored, version 4.
const instance = z.looseObject({
  index_key: z.union([z.string(), z.number()]).optional(),
  attributes: z.record(z.string(), z.unknown()),
});
const schema = z.looseObject({
  version: z.literal(4),
  serial: z.int(),
  resources: z.array(
    z.looseObject({
      module: z.string().optional(),
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      instances: z.array(z.looseObject({})),
    }),
  ),
});

/**
 * Gives the resource that was imported into a stored state the values it is declared with, as if it had been created:
 * the next refresh replaces those that Proxmox returns, and the others stay. Problem `terraform-failed` where the file is
 * not the state it should be.
 */
export function withValues(file: string, { address, values }: Pick<Importing, "address" | "values">): void {
  const state = schema.safeParse(readJson(readFileSync(file, "utf8")));
  const found = state.data?.resources
    .flatMap((resource) => resource.instances.map((one) => ({ resource, one })))
    .find(({ resource, one }) => addressOf(resource, one) === address)?.one;
  const imported = instance.safeParse(found);
  if (!state.success || found === undefined || !imported.success) {
    throw new Problem({
      kind: "undetermined",
      code: "terraform-failed",
      message: `the state into which ${address} was imported is not of version 4`,
    });
  }
  const declared = Object.entries(values).filter(([, value]) => value !== null);
  found.attributes = { ...imported.data.attributes, ...Object.fromEntries(declared) };
  state.data.serial += 1;
  writeFileSync(file, JSON.stringify(state.data), { mode: 0o600 });
}

function addressOf(
  { module, mode, type, name }: { module?: string | undefined; mode: string; type: string; name: string },
  one: Record<string, unknown>,
): string {
  const key = one.index_key === undefined ? "" : `[${JSON.stringify(one.index_key)}]`;
  return `${module === undefined ? "" : `${module}.`}${mode === "data" ? "data." : ""}${type}.${name}${key}`;
}
