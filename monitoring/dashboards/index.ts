import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { logsOverview } from "./logs-overview/index.ts";

/** Every dashboard; its uid is its file's name. */
export const dashboards: readonly (() => Dashboard)[] = [logsOverview];
