// One line each.
export { guestsNotBackedUp } from "./guests-not-backed-up.ts";
export { backupStorageAlmostFull } from "./storage-almost-full.ts";
export { backupStorageCritical } from "./storage-critical.ts";
