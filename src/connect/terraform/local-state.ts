import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { backendOf } from "./backend.ts";
import type { TerraformRun } from "./types.ts";

/** The file the environment's state is kept in; undefined where its backend keeps it elsewhere. */
export function localStateFile(run: TerraformRun): string | undefined {
  const backend = backendOf(run.directory);
  if (backend.kind !== "local") return undefined;
  const workspace = workspaceName(run);
  if (workspace !== "default") {
    return join(run.directory, "terraform.tfstate.d", workspace, "terraform.tfstate");
  }
  const given =
    run.backend !== undefined && "settings" in run.backend ? run.backend.settings.path : undefined;
  return resolve(run.directory, given ?? backend.settings.path ?? "terraform.tfstate");
}

/** The workspace the user has selected in this folder. */
export function workspaceName(run: TerraformRun): string {
  try {
    return readFileSync(join(run.directory, ".terraform", "environment"), "utf8").trim() || "default";
  } catch {
    return "default";
  }
}
