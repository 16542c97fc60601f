import type { SeriesValues } from "../../alert.ts";
import { fromBothNodes } from "../../series.ts";

/**
 * Name and node of a guest by its id; one series each, also while a guest that has just moved is reported with two
 * nodes. Templates are left out: they never run.
 */
export const guestInfo = 'topk by (id) (1, pve_guest_info{template!="1"})';

/** A machine as both nodes of the cluster report it. */
export function guest(
  up: string,
  { onboot = 1, template = "0", tags = "", id = "qemu/100" }: Partial<GuestRow> = {},
): SeriesValues {
  const of = { id, node: "pve2", type: id.split("/")[0] ?? "" };
  return {
    ...fromBothNodes("pve_up", up, { id }),
    ...fromBothNodes("pve_guest_info", "1x500", { ...of, name: "web", tags, template }),
    ...fromBothNodes("pve_onboot_status", `${onboot}x500`, of),
  };
}

interface GuestRow {
  onboot: 0 | 1;
  template: "0" | "1";
  tags: string;
  id: string;
}
