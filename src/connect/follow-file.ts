import { EventEmitter } from "node:events";
import { closeSync, openSync, readSync } from "node:fs";

/** How often a file is looked at for what was added to it, in milliseconds. */
const pollMs = 50;
const chunkBytes = 64 * 1024;

/** A file that another process writes and we read as it grows. */
export interface FollowedFile {
  /** Where the other process writes; the caller closes it once that process has it. */
  descriptor: number;
  /** Emits `data` as a stream does. */
  output: EventEmitter<{ data: [Buffer] }>;
  /** Reads what is left, and stops. */
  finish(): void;
}

/** Makes the file, for us alone, and begins to follow it. */
export function followFile(file: string): FollowedFile {
  const descriptor = openSync(file, "w", 0o600);
  const reader = openSync(file, "r");
  const output = new EventEmitter<{ data: [Buffer] }>();
  const read = () => {
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const length = readSync(reader, chunk);
      if (length === 0) return;
      output.emit("data", chunk.subarray(0, length));
    }
  };
  const timer = setInterval(read, pollMs);
  return {
    descriptor,
    output,
    finish: () => {
      clearInterval(timer);
      read();
      closeSync(reader);
    },
  };
}
