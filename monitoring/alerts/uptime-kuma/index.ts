// One line each.
export { kumaMonitorDown } from "./monitor-down.ts";
