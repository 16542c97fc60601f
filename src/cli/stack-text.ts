import { jsonText } from "../model/json.ts";
import { tableLines } from "../report/table.ts";
import type { Rendered } from "../stack/rendered.ts";
import type { ServiceStatus } from "../stack/status.ts";
import type { Io } from "./io.ts";

/** A line for each rendered file: its size in bytes and its path. */
export function filesText({ files }: Pick<Rendered, "files">): string {
  return Object.entries(files)
    .map(([path, { content }]) => `${String(Buffer.byteLength(content)).padStart(8)}  ${path}`)
    .join("\n");
}

/** The document of `stack status --json`. */
export function statusJson(folder: string, services: readonly ServiceStatus[]): string {
  return jsonText({ schema_version: 1, command: "stack status", folder, services }, 2);
}

export function statusText(
  services: readonly ServiceStatus[],
  { width, colour }: Pick<Io, "width" | "colour">,
) {
  const columns = [
    { title: "service" },
    { title: "state" },
    { title: "health" },
    { title: "address", wraps: true as const },
  ];
  const rows = services.map(({ service, state, health, healthy, url, direct_url: direct }) => [
    service,
    healthy ? state : { text: state, style: "red" as const },
    healthy ? health : { text: health, style: "red" as const },
    [url, direct]
      .filter((address, index, all) => address !== null && all.indexOf(address) === index)
      .join(" or "),
  ]);
  return tableLines(columns, rows, { width, colour }).join("\n");
}
