import { readFileSync } from "node:fs";
import { codeOf } from "../connect/system-error.ts";

/** The bytes of a file; undefined where there is none. */
export function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
