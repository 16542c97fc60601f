import type { StateLock, TerraformRun } from "./types.ts";

/** Who holds the lock of a local state; undefined: nobody. */
export declare function readLock(run: TerraformRun): Promise<StateLock | undefined>;
