// One line each.
export { driftCheckFailed } from "./check-failed.ts";
export { driftCheckStale } from "./check-stale.ts";
export { driftDetected } from "./detected.ts";
export { unmanagedGuests } from "./unmanaged-guests.ts";
