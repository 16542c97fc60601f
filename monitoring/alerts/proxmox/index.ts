// One line each.
export { proxmoxApiUnreachable } from "./api-unreachable.ts";
export { proxmoxGuestLockStuck } from "./guest-lock-stuck.ts";
export { proxmoxHighCpuUsage } from "./high-cpu-usage.ts";
export { proxmoxHighMemoryUsage } from "./high-memory-usage.ts";
export { proxmoxNodeDown } from "./node-down.ts";
export { proxmoxNotQuorate } from "./not-quorate.ts";
export { proxmoxStorageAlmostFull } from "./storage-almost-full.ts";
export { proxmoxStorageCritical } from "./storage-critical.ts";
export { proxmoxStorageOffline } from "./storage-offline.ts";
export { proxmoxVMStopped } from "./vm-stopped.ts";
