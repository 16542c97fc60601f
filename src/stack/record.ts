import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../connect/files.ts";
import { jsonText, readJson } from "../model/json.ts";
import { Problem } from "../model/problem.ts";
import { contentOf } from "./content-of.ts";
import { renderedSchema } from "./rendered.ts";

// What was last placed in the folder of a stack, kept in it: a later run removes what is not rendered any more, and status
// and sync need no Terraform.

const recordSchema = renderedSchema.pick({ services: true, service_entries: true }).extend({
  version: z.literal(1),
  /** Paths. */
  files: z.array(z.string()),
  /** What services have still to do about what was placed: a start that failed, or was interrupted, did not do it. */
  pending: z.array(z.string()).default([]),
  /** What was said on the command line, and holds until something else is said. */
  ports: z.record(z.string(), z.int()).default({}),
  images: z.record(z.string(), z.string()).default({}),
});

export type StackRecord = z.output<typeof recordSchema>;

const fileName = "stack.json";

/** Undefined where no stack was placed. Problem `stack-record-invalid` of kind `configuration`. */
export function readRecord(folder: string): StackRecord | undefined {
  const file = join(folder, fileName);
  const text = contentOf(file)?.toString("utf8");
  if (text === undefined) return undefined;
  const parsed = recordSchema.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  throw new Problem({
    kind: "configuration",
    code: "stack-record-invalid",
    message: `${file} is no record of a stack, or that of another version`,
    place: file,
    hint: `rm ${file}, then pve-home stack up --folder ${folder}`,
  });
}

export function writeRecord(folder: string, record: Omit<StackRecord, "version">): void {
  const { files, services, service_entries, pending, ports, images } = record;
  const text = jsonText({ version: 1, files, services, service_entries, pending, ports, images }, 2);
  writeFileAtomic(join(folder, fileName), `${text}\n`);
}

/** After a start: nothing is left to be done. */
export function forgetPending(folder: string): void {
  const record = readRecord(folder);
  if (record !== undefined && record.pending.length > 0) writeRecord(folder, { ...record, pending: [] });
}
