import type { Clock } from "../connect/clock.ts";
import type { HttpClient } from "../connect/http/types.ts";
import type { ProxmoxClient } from "../connect/proxmox/types.ts";
import type { SshClient } from "../connect/ssh/types.ts";
import type { Selection } from "../homelab/select.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Problem } from "../model/problem.ts";
import type { Log } from "../model/progress.ts";
import type { Check } from "./check.ts";
import type { SettingsOfChecks } from "./check-settings.ts";

/** One environment and how its parts are reached. A Problem stands for what could not be had. */
export interface EnvironmentToCheck {
  environment: string;
  /** A Problem: the whole environment is one `unknown` finding. */
  inventory: Inventory | Problem;
  /** A Problem (no token, no endpoint): what only the API can tell is `unknown`. May be shared. */
  proxmox: ProxmoxClient | Problem;
  /** May be shared. */
  ssh: SshClient;
}

/** Everything a run needs. */
export interface HealthRun {
  environments: readonly EnvironmentToCheck[];
  checks: readonly Check[];
  /** What services are asked with. */
  http: HttpClient;
  /** What is set of the checks, by name; the defaults by default. */
  settings?: SettingsOfChecks;
  selection?: Selection;
  /** Bounds each check with its retries, and so the whole run but for queueing; milliseconds. */
  timeoutMs: number;
  /** How long a guest may take to boot. Its failures are `pending` up to twice this; milliseconds. */
  bootGraceMs: number;
  /**
   * Components under way at once, over all environments; no more than the SSH client opens, or their time runs
   * while they wait for it.
   */
  concurrency: number;
  clock: Clock;
  /** Retries, a line each. */
  log: Log;
  /** What the user should know although the run goes on: an exclusion that matches nothing. `log` by default. */
  warn?: Log;
}
