import type { z } from "zod";
import type { Clock } from "../connect/clock.ts";
import type { HttpClient } from "../connect/http/types.ts";
import type { ProxmoxClient } from "../connect/proxmox/types.ts";
import type { Cluster } from "../homelab/cluster.ts";
import type { Finding } from "../model/health.ts";
import type { Log } from "../model/progress.ts";
import type { GuestComponent, Subjects } from "./component.ts";

/** What a check found out, as a finding says it. */
export type Outcome = Pick<Finding, "status" | "detail" | "expected" | "actual" | "code" | "hint">;

/** What can be set of a check, under `health.checks.NAME`. */
export interface CheckSettings<T> {
  /** With a default for each setting, so that `undefined` is legal. */
  schema: z.ZodType<T>;
  /** Its lines in pve-home.example.yaml, without the name: a comment and a legal value for each setting. */
  example: string;
}

export type Subject = keyof Subjects;

interface CommonCheck<S extends Subject, T> {
  /** What it is handed, and nothing else. */
  of: S;
  /** `ssh`: what a row and `Finding.check` call it; unique per component. */
  name: string;
  /** One line for `--help` and the documentation. */
  summary: string;
  /** The check without which this one means nothing: unless that is ok or `warn`, this one is `skipped`. */
  needs?: string;
  /** The check that says more: while that is ok, a failure of this one is only a `warn`. */
  outweighedBy?: string;
  settings?: CheckSettings<T>;
  /** Which components of its subject it is for; all of them, by default. */
  applies?(component: Subjects[S]): boolean;
}

/** What a guest answered to a question. */
export interface Answer {
  exitCode: number;
  /** stdout and stderr together, without the newline at the end. */
  output: string;
}

/**
 * Asks the guest. The question is a part of the probe, which is one script for all of them (probe.ts); what is not
 * answered, not in time or with too much, is judged in one place (unanswered.ts).
 */
export interface QuestionCheck<T = void> extends CommonCheck<"guest", T> {
  asks: "guest";
  /** One line of POSIX shell that reads and changes nothing; the same for every guest. It gets no input. */
  question: string;
  judge(component: GuestComponent, answer: Answer, settings: T): Outcome;
}

/** What a login brought to light. */
export interface Login {
  /** The login runs a probe of its own (a restricted key), and it is not the one that was sent. */
  outdated: boolean;
}

/** Judges the login that all questions share. */
export interface LoginCheck<T = void> extends CommonCheck<"guest", T> {
  asks: "login";
  judge(component: GuestComponent, login: Login, settings: T): Outcome;
}

/** What a check may use that asks by itself. Everything here fails with a Problem, which the check lets through. */
export interface RunContext {
  /** When the answer is due, retries included: milliseconds of `clock`. */
  deadline: number;
  /** Fires when the time is up or the check is over: what still runs then is of no use. */
  signal: AbortSignal;
  clock: Clock;
  log: Log;
}

export interface ApiContext extends RunContext {
  environment: string;
  /** What the API says about nodes and guests; asked once per run, for all. */
  cluster(): Promise<Cluster>;
  proxmox(): ProxmoxClient;
}

export interface NetworkContext extends RunContext {
  /** For services. */
  http: HttpClient;
}

interface AskingCheck {
  /**
   * About the inside of a guest, or a service on it: left out (`skipped`) while the guest does not run, and a failure
   * is `pending` while it boots or is locked.
   */
  inside: boolean;
}

/** Asks the Proxmox API. */
export interface ApiCheck<S extends Subject, T = void> extends CommonCheck<S, T>, AskingCheck {
  asks: "api";
  run(component: Subjects[S], context: ApiContext, settings: T): Promise<Outcome>;
}

/** Asks over the network whether the component can be reached, without a login. */
export interface NetworkCheck<S extends Subject, T = void> extends CommonCheck<S, T>, AskingCheck {
  asks: "network";
  run(component: Subjects[S], context: NetworkContext, settings: T): Promise<Outcome>;
}

/**
 * One thing that is looked at. A file below checks/, one line in checks/index.ts, and its test beside it are
 * all it takes. A problem that it finds is an outcome; a Problem that stops it is thrown, and the runner says
 * by its code whether that is `fail` or `unknown`.
 */
export type Check = QuestionCheck<unknown> | LoginCheck<unknown> | { [S in Subject]: RunCheck<S> }[Subject];

/** A check that asks by itself. */
export type RunCheck<S extends Subject> = ApiCheck<S, unknown> | NetworkCheck<S, unknown>;

/** Whether a check is about the inside of a guest, which has to run for it. */
export function isInside(check: Check): boolean {
  return check.asks === "guest" || check.asks === "login" || check.inside;
}
