import type { Clock } from "../connect/clock.ts";
import type { HttpClient } from "../connect/http/types.ts";
import type { ProxmoxClient } from "../connect/proxmox/types.ts";
import type { SshSession } from "../connect/ssh/types.ts";
import type { Cluster } from "../homelab/cluster.ts";
import type { Finding } from "../model/health.ts";
import type { Log } from "../model/progress.ts";
import { type Component, isGuest, type Subjects } from "./component.ts";

/** What a check found out, as a finding says it. */
export type Outcome = Pick<Finding, "status" | "detail" | "expected" | "actual" | "code" | "hint">;

/** What a check may ask. Everything here fails with a Problem, which the check lets through. */
export interface CheckContext {
  environment: string;
  /** What the API says about nodes and guests; asked once per run, for all. */
  cluster(): Promise<Cluster>;
  proxmox(): ProxmoxClient;
  /** The guest's one connection. Ask in the same turn of the event loop in which the check was started. */
  ssh(): SshSession;
  /** For services. */
  http: HttpClient;
  /** When the answer is due, retries included: milliseconds of `clock`. */
  deadline: number;
  /** The same limit for programs and messages that take a duration. */
  timeoutMs: number;
  /** Fires when the time is up or the check is over: what still runs then is of no use. */
  signal: AbortSignal;
  clock: Clock;
  log: Log;
}

/**
 * One thing that is looked at. A file below checks/, one line in checks/index.ts, and its test beside it are
 * all it takes. A problem that it finds is an outcome; a Problem that stops it is thrown, and the runner says
 * by its code whether that is `fail` or `unknown`.
 */
export interface CheckOf<S extends keyof Subjects> {
  /** What it is handed, and nothing else. */
  of: S;
  /** `ssh`: what a row and `Finding.check` call it; unique per component. */
  name: string;
  /** One line for `--help` and the documentation. */
  summary: string;
  /**
   * Asks the guest, or a service on it: left out (`skipped`) while the guest does not run, and a failure is
   * `pending` while it boots or is locked.
   */
  inside: boolean;
  /** The check without which this one means nothing: unless that is ok or `warn`, this one is `skipped`. */
  needs?: string;
  /** The check that says more: while that is ok, a failure of this one is only a `warn`. */
  outweighedBy?: string;
  /** Which components of its subject it is for; all of them, by default. */
  applies?(component: Subjects[S]): boolean;
  run(component: Subjects[S], context: CheckContext): Promise<Outcome>;
}

export type Check = { [S in keyof Subjects]: CheckOf<S> }[keyof Subjects];

type Run = (context: CheckContext) => Promise<Outcome>;

/** A check made ready for a component; undefined where it is not for that one. */
export function runFor(check: Check, component: Component): Run | undefined {
  switch (check.of) {
    case "api":
      return component.type === "api" ? ready(check, component) : undefined;
    case "node":
      return component.type === "node" ? ready(check, component) : undefined;
    case "guest":
      return isGuest(component) ? ready(check, component) : undefined;
    case "service":
      return component.type === "service" ? ready(check, component) : undefined;
  }
}

function ready<S extends keyof Subjects>(check: CheckOf<S>, component: Subjects[S]): Run | undefined {
  if (check.applies?.(component) === false) return undefined;
  return (context) => check.run(component, context);
}
