import type { TerraformRun } from "../connect/terraform/types.ts";
import type { DriftFinding, NoiseRule } from "../model/drift.ts";
import type { Problem } from "../model/problem.ts";
import type { Plan } from "../plan/plan-json.ts";
import type { StateResource } from "../plan/state-resources.ts";

/** What a source may look at of the environment it is asked about. */
export interface DriftContext {
  environment: string;
  run: TerraformRun;
  /** The command that carries the code out, for hints. */
  apply: string;
  /** Undefined where it failed. */
  plan: Plan | undefined;
  /** What the state has: refreshed where there is a plan, else as it was stored. Throws a Problem. */
  state(): Promise<readonly StateResource[]>;
  /** The rules that have not expired. */
  noise: readonly NoiseRule[];
  signal: AbortSignal | undefined;
}

/** What a source has found. */
export interface SourceFindings {
  findings: DriftFinding[];
  /** Attributes of resources (`mount_point[0]`), by address, that a finding tells by another name. */
  told?: ReadonlyMap<string, readonly string[]>;
  /** What it could not look at; makes the environment's check `unknown`. */
  problem?: Problem | undefined;
}

/**
 * Something besides the Terraform plan that can differ from what is declared: backup jobs, files delivered to guests.
 * Asked about each environment after the plan, also when there is none. Throws a Problem where it is not known, which
 * makes the environment's check `unknown`.
 */
export interface DriftSource {
  name: string;
  inspect(context: DriftContext): Promise<SourceFindings>;
}
