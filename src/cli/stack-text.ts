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

/** Where each service is reached: directly, and by the name that Traefik gives it. */
export function statusText(
  services: readonly ServiceStatus[],
  { width, colour }: Pick<Io, "width" | "colour">,
): string {
  const columns = [{ title: "service" }, { title: "state" }, { title: "address" }, { title: "by name" }];
  const rows = services.map(({ service, state, health, healthy, url, direct_url: direct }) => [
    service,
    healthy ? health || state : { text: health || state, style: "red" as const },
    direct ?? "",
    url === null || url === direct ? "" : url,
  ]);
  return tableLines(columns, rows, { width, colour }).join("\n");
}
