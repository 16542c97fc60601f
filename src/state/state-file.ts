import { z } from "zod";
import { readJson } from "../model/json.ts";

/** What a state says about itself, whether it lies in a file or in a store. */
export interface StateFacts {
  /** Grows with every change. */
  serial: number;
  /** The same for all versions of one state. */
  lineage: string;
  /** Addresses of the modules with resources in it; none where the state is encrypted. */
  modules: string[];
  /** undefined where the state is encrypted. */
  resources: number | undefined;
  /** The output `inventory`, as it is. */
  inventory: unknown;
}

const schema = z.object({
  serial: z.int(),
  lineage: z.string().min(1),
  resources: z.array(z.object({ module: z.string().optional() })).default([]),
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
  encrypted_data: z.string().optional(),
});

/** undefined where the content is no state: empty, half, or something else. */
export function parseState(content: Buffer | string): StateFacts | undefined {
  const parsed = schema.safeParse(readJson(content.toString()));
  if (!parsed.success) return undefined;
  const { serial, lineage, resources, outputs, encrypted_data: encrypted } = parsed.data;
  const modules = resources.flatMap(({ module }) => module ?? []);
  return {
    serial,
    lineage,
    modules: [...new Set(modules)],
    resources: encrypted === undefined ? resources.length : undefined,
    inventory: outputs.inventory?.value,
  };
}
