import type { JsonObject } from "../../model/json.ts";
import type { Log } from "../../model/progress.ts";
import type { Secret } from "../../model/secret.ts";
import type { ApplyEvent } from "./apply-events.ts";
import type { LockedProvider } from "./lock-file.ts";

export type ToolName = "tofu" | "terraform";

/** An environment's folder and how it is run. The user's folder is only read. */
export interface TerraformRun {
  /** `infrastructure/proxmox/environments/prod`, absolute. */
  directory: string;
  tool: ToolName;
  /** The tool's program; found on PATH by its name unless given. */
  program?: string;
  /** `TF_CLI_CONFIG_FILE` for the child, e.g. to name a mirror of providers. */
  cliConfigFile?: string;
  /** `backend.hcl`, or settings; passed as `-backend-config`. */
  backend?: { file: string } | { settings: Record<string, string> };
  /** Extra variable files, besides `terraform.tfvars` and `*.auto.tfvars`. */
  varFiles?: string[];
  /** What the child sees besides PATH, HOME, locale, proxy and TF_* of the caller; secrets included. */
  environment: Record<string, string | Secret>;
  /** Ends the children, whole process group, when it fires. */
  signal?: AbortSignal;
  /** One line of progress at a time. */
  progress?: Log;
}

/** Who holds the state's lock. */
export interface StateLock {
  who: string;
  /** ISO 8601. */
  since: string;
  operation: string;
  id: string;
}

/** A private copy of an environment in a temporary folder. Always dispose of it: plans hold secrets. */
export interface Workspace {
  /** Where the copy is. */
  directory: string;
  /**
   * With the environment's real backend; nothing is downloaded that the user's folder has already. Once: the other
   * calls do it themselves where they need it.
   */
  init(): Promise<void>;
  /** Those that init has selected, with their versions; none before it. */
  providers(): LockedProvider[];
  /** Refreshes and plans, without taking the lock. */
  plan(): Promise<PlanResult>;
  /** Refreshes and plans while holding the lock, as a plan has to be made that `apply` carries out. */
  planToApply(options: Pick<ApplyOptions, "lockTimeoutMs">): Promise<PlanResult>;
  /**
   * Carries out exactly this plan, on the user's real state. Where the user's folder was never initialised, it gets the
   * lock file and the providers of this run.
   */
  apply(planFile: string, options: ApplyOptions): Promise<void>;
  /**
   * Takes what exists into the user's real state, as if it had been created with the values it is declared with; all of
   * it or nothing. Problems as of `apply`.
   */
  import(importing: Importing): Promise<void>;
  /** `output -json` of the state as it is: name to value. Of a local state it needs no init. */
  output(): Promise<Record<string, OutputValue>>;
  /** `show -json` of the state as it is stored, parsed; its reader has the schema. */
  state(): Promise<unknown>;
  dispose(): Promise<void>;
}

export interface Importing extends Pick<ApplyOptions, "lockTimeoutMs"> {
  address: string;
  /** As the provider wants it: `pve1/306`. */
  id: string;
  /** Of `after` in a plan that would create it. */
  values: JsonObject;
}

export interface PlanResult {
  /** Exit code 2 of `plan -detailed-exitcode`; says nothing about drift. */
  exitCode: 0 | 2;
  /** In the copy's folder. */
  planFile: string;
  /** `show -json` of the plan, parsed; its reader has the schema. */
  json: unknown;
}

export interface OutputValue {
  value: unknown;
  sensitive: boolean;
}

export interface ApplyOptions {
  /** How long another run may go on holding the state's lock, in milliseconds. */
  lockTimeoutMs: number;
  onEvent(event: ApplyEvent): void;
  /** Asks the tool to stop: it begins nothing more, gives up some of what is under way; the state has what was finished. */
  interrupt: AbortSignal;
  /** Ends the tool at once: what was under way may be in the state or not. */
  kill: AbortSignal;
}
