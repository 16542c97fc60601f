import { z } from "zod";

/** Not half of a surrogate pair: two names that differ in one alone would be one where they are written. */
export const wellFormed = z
  .string()
  .refine((text) => text.isWellFormed(), "must be well-formed Unicode: it has half of a surrogate pair");

/** ISO 8601, UTC. */
export const timestamp = z.iso.datetime();
