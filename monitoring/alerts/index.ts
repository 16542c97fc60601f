import type { RuleFile } from "../alert.ts";
import * as backup from "./backup/index.ts";
import * as drift from "./drift/index.ts";
import * as health from "./health/index.ts";
import * as node from "./node/index.ts";
import * as prometheus from "./prometheus/index.ts";
import * as proxmox from "./proxmox/index.ts";

/** Every rule file with its groups. `default.yml` is always delivered, NAME.yml with the service NAME. */
export const ruleFiles: readonly RuleFile[] = [
  {
    file: "default.yml",
    groups: [
      { name: "node-alerts", alerts: Object.values(node) },
      { name: "proxmox-alerts", alerts: Object.values(proxmox) },
      { name: "backup-alerts", alerts: Object.values(backup) },
      { name: "drift-alerts", alerts: Object.values(drift) },
      { name: "health-alerts", alerts: Object.values(health) },
      { name: "prometheus-alerts", alerts: Object.values(prometheus) },
    ],
  },
];
