import { z } from "zod";

// How Proxmox writes values: booleans as 0 or 1 (or true and false), numbers at times as text.

export const flag = z
  .union([z.boolean(), z.number(), z.enum(["0", "1"])])
  .transform((value) => value === true || value === 1 || value === "1");

export const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
]);

/** A path segment. */
export const segment = encodeURIComponent;
