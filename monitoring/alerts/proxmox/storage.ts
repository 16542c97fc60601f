import type { SeriesValues } from "../../alert.ts";
import { fromBothNodes } from "../../series.ts";

const id = "storage/pve1/local-lvm";

export const storageLabels = { id, node: "pve1", storage: "local-lvm" } as const;

/** A storage of 1000 bytes as both nodes of the cluster report it. */
export function storage(used: number, content = "images,rootdir"): SeriesValues {
  const info = { content, id, node: "pve1", plugintype: "lvmthin", storage: "local-lvm" };
  return {
    ...fromBothNodes("pve_disk_usage_bytes", `${used}x30`, { id }),
    ...fromBothNodes("pve_disk_size_bytes", "1000x30", { id }),
    ...fromBothNodes("pve_storage_info", "1x30", info),
  };
}

/** How full a storage is, with its name and node; `selected` narrows pve_storage_info, which alone has the content. */
export function fullness(selected = ""): string {
  return `max by (id) (pve_disk_usage_bytes{id=~"storage/.+"}) / max by (id) (pve_disk_size_bytes)
  * on (id) group_left (storage, node) topk by (id) (1, pve_storage_info${selected})`;
}
