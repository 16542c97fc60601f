// One line each.
export { lokiDiscarding } from "./discarding.ts";
export { lokiIngestionStalled } from "./ingestion-stalled.ts";
export { lokiRequestErrors } from "./request-errors.ts";
export { lokiRetentionStalled } from "./retention-stalled.ts";
