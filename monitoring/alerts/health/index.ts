// One line each.
export { infraHealthCheckFailed } from "./check-failed.ts";
export { healthCheckStale } from "./check-stale.ts";
export { infraHealthCheckUnknown } from "./check-unknown.ts";
