import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../../model/problem.ts";
import { titleOf } from "./command.ts";
import type { TerraformRun, ToolName } from "./types.ts";

const registries: Record<ToolName, string> = {
  terraform: "registry.terraform.io",
  tofu: "registry.opentofu.org",
};

/** A provider the lock file has selected. */
export interface LockedProvider {
  /** `registry.terraform.io/bpg/proxmox` */
  address: string;
  version: string;
}

/**
 * What the environment's lock file has selected; undefined where there is none. Problem `terraform-wrong-tool` where
 * the other tool wrote it.
 */
export function readLockFile(run: TerraformRun): LockedProvider[] | undefined {
  const file = join(run.directory, ".terraform.lock.hcl");
  if (!existsSync(file)) return undefined;
  const blocks = readFileSync(file, "utf8").matchAll(
    /^\s*provider\s+"([^"]+)"\s*\{\s*version\s*=\s*"([^"]+)"/gm,
  );
  const providers = [...blocks].map(([, address = "", version = ""]) => ({ address, version }));
  const other: ToolName = run.tool === "tofu" ? "terraform" : "tofu";
  const foreign = providers.find(({ address }) => address.startsWith(`${registries[other]}/`));
  if (foreign === undefined) return providers;
  throw new Problem({
    kind: "configuration",
    code: "terraform-wrong-tool",
    message: `${run.directory} was initialised with ${titleOf(other)} (its lock file names ${foreign.address}), and is to be run with ${titleOf(run.tool)}`,
    place: file,
    hint: `set tool: ${other} for this environment; to change over, remove the lock file and run ${run.tool} init`,
  });
}

/** The folder the user's own init has put the providers into, if all of the lock file are there. */
export function installedProviders(run: TerraformRun, locked: readonly LockedProvider[]): string | undefined {
  const folder = join(run.directory, ".terraform", "providers");
  const complete = locked.every(({ address, version }) => existsSync(join(folder, address, version)));
  return locked.length > 0 && complete ? folder : undefined;
}
