// One line each.
export { alertmanagerConfigReloadFailed } from "./alertmanager-config-reload-failed.ts";
export { alertmanagerFailedToSendAlerts } from "./alertmanager-failed-to-send.ts";
export { prometheusConfigReloadFailed } from "./config-reload-failed.ts";
export { prometheusNotConnectedToAlertmanager } from "./not-connected.ts";
export { prometheusRuleEvaluationFailures } from "./rule-evaluation-failures.ts";
export { prometheusTargetMissing } from "./target-missing.ts";
export { watchdog } from "./watchdog.ts";
