// One line each.
export { traefikBackendDown } from "./backend-down.ts";
export { certExpiringSoon } from "./cert-expiring-soon.ts";
export { traefikHigh5xxRate } from "./high-5xx-rate.ts";
