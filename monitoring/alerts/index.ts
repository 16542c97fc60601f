import type { RuleFile } from "../alert.ts";
import * as backup from "./backup/index.ts";
import * as drift from "./drift/index.ts";
import * as health from "./health/index.ts";
import * as loki from "./loki/index.ts";
import * as node from "./node/index.ts";
import * as prometheus from "./prometheus/index.ts";
import * as proxmox from "./proxmox/index.ts";
import * as traefik from "./traefik/index.ts";
import * as uptimeKuma from "./uptime-kuma/index.ts";

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
  { file: "loki.yml", groups: [{ name: "loki-alerts", alerts: Object.values(loki) }] },
  { file: "traefik.yml", groups: [{ name: "traefik-alerts", alerts: Object.values(traefik) }] },
  { file: "uptime-kuma.yml", groups: [{ name: "uptime-kuma-alerts", alerts: Object.values(uptimeKuma) }] },
];
