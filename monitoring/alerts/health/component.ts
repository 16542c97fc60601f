import type { SeriesValues } from "../../alert.ts";
import { ours } from "../our-metrics.ts";

export const web = { env: "prod", component: "web", type: "vm" } as const;

/** The status of one component, the same every minute. 0 ok or warn, 1 fail, 2 unknown, 3 pending. */
export function status(value: number): SeriesValues {
  return { [ours("pve_health_status", web)]: `${value}x20` };
}
