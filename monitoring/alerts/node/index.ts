// One line each.
export { diskAlmostFull } from "./disk-almost-full.ts";
export { highCpuUsage } from "./high-cpu-usage.ts";
export { highDiskUsage } from "./high-disk-usage.ts";
export { highLoadAverage } from "./high-load-average.ts";
export { highMemoryUsage } from "./high-memory-usage.ts";
export { highNetworkErrors } from "./high-network-errors.ts";
export { hostDown } from "./host-down.ts";
export { nodeExporterCollectorFailed } from "./node-exporter-collector-failed.ts";
export { nodeFilesystemAlmostOutOfInodes } from "./out-of-inodes.ts";
export { systemdServiceFailed } from "./systemd-service-failed.ts";
