import { Problem } from "../../model/problem.ts";
import { callerEnvironment } from "../environment.ts";
import { type ChildResult, runChild } from "../process.ts";
import type { TerraformRun, ToolName } from "./types.ts";

export interface ToolCall {
  args: readonly string[];
  cwd: string;
  onStdout?: (text: string) => void;
  /** Instead of the run's own. */
  signal?: AbortSignal;
  /** See `ChildRequest`. */
  interrupt?: AbortSignal;
  /** It holds the state's lock, and goes on to its end also where we are killed; see `ChildRequest.outputFolder`. */
  outlivesUs?: true;
}

/** A plan of some hundred guests is below 20 MB. */
const maxOutputBytes = 256 * 1024 * 1024;

const names: Record<ToolName, { title: string; install: string }> = {
  terraform: { title: "Terraform", install: "https://developer.hashicorp.com/terraform/install" },
  tofu: { title: "OpenTofu", install: "https://opentofu.org/docs/intro/install/" },
};

export function titleOf(tool: ToolName): string {
  return names[tool].title;
}

/** Runs the tool; every exit code is a result. Problem `terraform-missing`. */
export async function runTool(run: TerraformRun, call: ToolCall): Promise<ChildResult> {
  const signal = call.signal ?? run.signal;
  try {
    return await runChild({
      program: run.program ?? run.tool,
      args: call.args,
      cwd: call.cwd,
      env: toolEnvironment(run),
      maxOutputBytes,
      ...(signal === undefined ? {} : { signal }),
      ...(call.interrupt === undefined ? {} : { interrupt: call.interrupt }),
      ...(call.outlivesUs === undefined ? {} : { outputFolder: call.cwd }),
      ...(call.onStdout === undefined ? {} : { onStdout: call.onStdout }),
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "program-missing") throw error;
    const { title, install } = names[run.tool];
    throw new Problem({
      kind: "undetermined",
      code: "terraform-missing",
      message: `${title} is needed for ${run.directory}: ${error.message}`,
      hint: `install ${title} 1.10 or newer (${install}), or name the program in pve-home.yaml`,
      cause: error,
    });
  }
}

const inherited =
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|LANG|LC_.*|TZ|XDG_.*|SSH_AUTH_SOCK|SSL_CERT_(FILE|DIR)|(https?|all|no)_proxy|GOGC|GOMEMLIMIT|GOMAXPROCS|TF_.*)$/i;
/** They would change what we read, where it is kept, or what is run. */
const refused = /^TF_(LOG.*|DATA_DIR|CLI_ARGS.*)$/;

function toolEnvironment(run: TerraformRun): TerraformRun["environment"] {
  return {
    ...callerEnvironment((name) => inherited.test(name) && !refused.test(name)),
    ...run.environment,
    ...(run.cliConfigFile === undefined ? {} : { TF_CLI_CONFIG_FILE: run.cliConfigFile }),
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    CHECKPOINT_DISABLE: "1",
  };
}
