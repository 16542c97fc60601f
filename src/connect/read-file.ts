import { closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { kindOf } from "./system-error.ts";

/** An inventory of some thousand guests. More than that keeps the parser busy for seconds. */
const usualMiB = 2;

/**
 * The text of a regular file (or a link to one) of at most `limitMiB`: a pipe would be waited for, with Ctrl-C without effect meanwhile, and a device may have no end. Throws what the system says, else an
 * Error that can stand after a colon.
 */
export function readTextFile(file: string, limitMiB = usualMiB): string {
  const stats = statSync(file);
  if (!stats.isFile()) throw new Error(`it is ${kindOf(stats)}, and must be a regular file`);
  // Should it be replaced by a pipe now, this does not wait.
  const open = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; ; ) {
      const chunk = Buffer.alloc(64 * 1024);
      const read = readSync(open, chunk);
      if (read === 0) return Buffer.concat(chunks).toString("utf8");
      size += read;
      if (size > limitMiB * 1024 * 1024) throw new Error(`it is larger than ${limitMiB} MiB`);
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    closeSync(open);
  }
}
