import type { Clock } from "../clock.ts";
import type { ProxmoxClient, ProxmoxConnection } from "./types.ts";

export declare function createProxmoxClient(
  connection: ProxmoxConnection,
  dependencies?: { clock?: Clock; log?: (line: string) => void },
): ProxmoxClient;
