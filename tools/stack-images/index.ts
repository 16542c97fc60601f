import type { ProgramName } from "../programs/index.ts";
import type { Source } from "./sources.ts";

/** An image for `npm run test:stack`, made here because container registries may be out of reach. */
export interface StackImage {
  /** Folder beside this file, with its Dockerfile. */
  readonly folder: string;
  /** Named as the official image, so that the stack's compose file takes it; the tag says what is in it. */
  readonly image: string;
  /** Programs built from their Go modules, put beside the Dockerfile under their own names. */
  readonly programs?: readonly ProgramName[];
  /** Other files put there: sources.ts says where they come from. */
  readonly files?: readonly Source[];
  /** What is not as in the official image, for whom reads the results. */
  readonly note?: string;
}

/** What the others are built from, in this order, besides `stack-test/debian`, which is imported. */
export const bases: readonly StackImage[] = [
  { folder: "busybox", image: "stack-test/busybox" },
  { folder: "static", image: "stack-test/static" },
];

/** By service of the stack. */
const newest = {
  alertmanager: {
    folder: "alertmanager",
    image: "prom/alertmanager:v0.31.1",
    programs: ["alertmanager", "amtool"],
  },
  "docker-proxy": { folder: "haproxy", image: "haproxy:2.6", note: "Debian's haproxy" },
  grafana: {
    folder: "grafana",
    image: "grafana/grafana:stand-in",
    files: ["node"],
    note: "not Grafana, which cannot be built from package registries",
  },
  loki: { folder: "loki", image: "grafana/loki:3.7.8", programs: ["loki"] },
  "node-exporter": {
    folder: "node-exporter",
    image: "prom/node-exporter:v1.12.1",
    programs: ["node_exporter"],
  },
  prometheus: {
    folder: "prometheus",
    image: "prom/prometheus:v3.15.0",
    programs: ["prometheus", "promtool"],
    note: "without its web page's assets",
  },
  promtail: {
    folder: "promtail",
    image: "grafana/promtail:3.5.0",
    programs: ["promtail"],
    note: "built without cgo: it does not read systemd's journal",
  },
  "pve-exporter": {
    folder: "pve-exporter",
    image: "prompve/prometheus-pve-exporter:3.10.2",
    files: ["packages"],
  },
  traefik: {
    folder: "traefik",
    image: "traefik:v3.6.12",
    programs: ["traefik"],
    note: "the page of its dashboard is a stand-in, its API real",
  },
  "uptime-kuma": {
    folder: "uptime-kuma",
    image: "louislam/uptime-kuma:2.0.0-dev.0",
    files: ["app.tar"],
    note: "the newest that npm has, with MariaDB instead of SQLite",
  },
} satisfies Record<string, StackImage>;

/** The oldest versions that the stack's files are for, in place of the newest. */
const floor = {
  loki: { folder: "loki-floor", image: "grafana/loki:3.5.0", programs: ["loki-floor"] },
  traefik: { ...newest.traefik, image: "traefik:v3.3.5", programs: ["traefik-floor"] },
} satisfies Record<string, StackImage>;

/** Images by service of the stack: of the newest programs that can be built, or of the oldest supported. */
export function stackImages(oldest: boolean): Readonly<Record<string, StackImage>> {
  return oldest ? { ...newest, ...floor } : newest;
}
