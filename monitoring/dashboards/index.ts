import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { driftOverview } from "./drift-overview/index.ts";
import { healthOverview } from "./health-overview/index.ts";
import { logsOverview } from "./logs-overview/index.ts";
import { nodes } from "./nodes/index.ts";
import { overview } from "./overview/index.ts";
import { proxmox } from "./proxmox/index.ts";

/** Every dashboard; its uid is its file's name. */
export const dashboards: readonly (() => Dashboard)[] = [
  overview,
  nodes,
  proxmox,
  logsOverview,
  driftOverview,
  healthOverview,
];
