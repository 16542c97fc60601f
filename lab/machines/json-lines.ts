import type { Duplex } from "node:stream";

/** Calls `receive` with each JSON object that comes, one per line; lines that are none are left out. */
export function readJsonLines(stream: Duplex, receive: (message: Record<string, unknown>) => void): void {
  let rest = "";
  stream.on("data", (bytes: Buffer) => {
    const lines = (rest + bytes.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = parse(line);
      if (message !== undefined) receive(message);
    }
  });
  // It ends with the process at its other end, whose exit is what counts.
  stream.on("error", () => {});
}

export function writeJsonLine(stream: Duplex, message: Record<string, unknown>): void {
  stream.write(`${JSON.stringify(message)}\n`);
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
