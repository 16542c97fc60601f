import type { Clock } from "../clock.ts";
import { lockedProblem } from "./lock-problem.ts";
import type { StateLock, TerraformRun } from "./types.ts";

/** How often a held lock is looked at, in milliseconds. */
const pollMs = 2000;

export interface LockWait {
  readLock(run: TerraformRun): Promise<StateLock | undefined>;
  clock: Clock;
  /** How long another run may go on holding it. */
  timeoutMs: number;
  /** Told once, when there is something to wait for. */
  onWait(lock: StateLock): void;
  signal: AbortSignal | undefined;
}

/**
 * Returns once the lock of an environment's state is free; it is looked at, never taken. Held for longer than
 * `timeoutMs`: a Problem `state-locked` that says by whom and since when.
 */
export async function waitForLock(run: TerraformRun, wait: LockWait): Promise<void> {
  const { clock, signal } = wait;
  const deadline = clock.now() + wait.timeoutMs;
  for (let told = false; ; told = true) {
    const lock = await wait.readLock(run);
    if (lock === undefined) return;
    const left = deadline - clock.now();
    if (left <= 0) throw lockedProblem(run, lock);
    if (!told) wait.onWait(lock);
    await clock.sleep(Math.min(pollMs, left), signal);
  }
}
