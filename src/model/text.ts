import { z } from "zod";

/** Not half of a surrogate pair: two names that differ in one alone would be one where they are written. */
export const wellFormed = z
  .string()
  .refine((text) => text.isWellFormed(), "must be well-formed Unicode: it has half of a surrogate pair");

/** ISO 8601, UTC. */
export const timestamp = z.iso.datetime();

/** JSON whose strings are all well-formed: half of a surrogate pair, which many parsers refuse, becomes U+FFFD. */
export function jsonText(value: unknown, indent?: number): string {
  // JSON.stringify writes each such half as an escape, and nothing else above U+001F.
  return JSON.stringify(value, null, indent).replace(
    /\\(ud[89a-f][0-9a-f]{2}|.)/g,
    (escaped, what: string) => (what.length > 1 ? "\ufffd" : escaped),
  );
}
