import type { TerraformRun, Workspace } from "./types.ts";

/** Checks tool, version and lock file, and lays out the private copy; starts no init yet. */
export declare function prepare(run: TerraformRun): Promise<Workspace>;
