// One line each.
export { nodeClockNotSynchronising } from "./clock-not-synchronising.ts";
export { diskAlmostFull } from "./disk-almost-full.ts";
export { nodeFilesystemReadOnly } from "./filesystem-read-only.ts";
export { highCpuUsage } from "./high-cpu-usage.ts";
export { highDiskUsage } from "./high-disk-usage.ts";
export { highLoadAverage } from "./high-load-average.ts";
export { highMemoryUsage } from "./high-memory-usage.ts";
export { highNetworkErrors } from "./high-network-errors.ts";
export { hostDown } from "./host-down.ts";
export { hostOomKill } from "./host-oom-kill.ts";
export { nodeExporterCollectorFailed } from "./node-exporter-collector-failed.ts";
export { nodeFilesystemAlmostOutOfInodes } from "./out-of-inodes.ts";
export { nodeRaidDegraded } from "./raid-degraded.ts";
export { systemdServiceFailed } from "./systemd-service-failed.ts";
export { textfileScrapeError } from "./textfile-scrape-error.ts";
export { zfsPoolNotOnline } from "./zfs-pool-not-online.ts";
