import type { Secret } from "../../model/secret.ts";

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
  progress?: (line: string) => void;
}

/** Who holds the state's lock. */
export interface StateLock {
  who: string;
  /** ISO 8601. */
  since: string;
  operation: string;
  id: string;
}
