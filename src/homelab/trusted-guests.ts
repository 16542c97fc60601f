import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../connect/files.ts";
import { readTextFile } from "../connect/read-file.ts";
import { jsonText } from "../model/json.ts";
import { messageOf, Problem } from "../model/problem.ts";

const recordSchema = z.object({
  environment: z.string(),
  name: z.string(),
  vmid: z.int(),
  /** See `readIdentity`; null where nothing distinguishes the guest from a re-created one. */
  identity: z.string().nullable(),
  fingerprint: z.string(),
  /** ISO 8601. */
  trustedAt: z.string(),
});

const fileSchema = z.object({ version: z.literal(1), hosts: z.record(z.string(), recordSchema) });

/** Whose key it was that known_hosts was given for an address. */
export type TrustedGuest = z.infer<typeof recordSchema>;

/** By `[ADDRESS]:PORT`. */
export type TrustedGuests = Record<string, TrustedGuest>;

/** The record lies beside known_hosts, whose own format has no room for it. */
export function trustedGuestsFile(knownHostsFile: string): string {
  return join(dirname(knownHostsFile), "guests.json");
}

/** Nothing where there is no file yet; a file that cannot be read is a `configuration` Problem. */
export function readTrustedGuests(file: string): TrustedGuests {
  if (!existsSync(file)) return {};
  try {
    return fileSchema.parse(JSON.parse(readTextFile(file))).hosts;
  } catch (cause) {
    throw new Problem({
      kind: "configuration",
      code: "trusted-guests-unreadable",
      message: `the record of whose host keys are trusted cannot be read: ${whyUnreadable(cause)}`,
      place: file,
      hint: `rm ${file}: then a key that changes has to be confirmed once with --replace`,
      cause,
    });
  }
}

function whyUnreadable(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return messageOf(cause).slice(0, 200);
  const where = cause.issues[0]?.path.join(" → ") ?? "";
  return where === "" ? "it is no record of version 1" : `${where} is missing, or not what belongs there`;
}

export function writeTrustedGuests(file: string, hosts: TrustedGuests): void {
  writeFileAtomic(file, `${jsonText({ version: 1, hosts }, 2)}\n`);
}
