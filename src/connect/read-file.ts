import { closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { kindOf } from "./system-error.ts";

/** 2 MiB: an inventory of some thousand guests. More than that keeps the parser busy for seconds. */
const limitBytes = 2 * 1024 * 1024;

/**
 * The text of a file that the user names. A regular file (or a link to one) of at most 2 MiB: a pipe would be waited
 * for, with Ctrl-C without effect meanwhile, and a device may have no end. Throws what the system says, else an
 * Error that can stand after a colon.
 */
export function readTextFile(file: string): string {
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
      if (size > limitBytes) throw new Error(`it is larger than ${limitBytes / 1024 / 1024} MiB`);
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    closeSync(open);
  }
}
