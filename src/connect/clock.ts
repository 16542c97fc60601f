import { setTimeout as sleep } from "node:timers/promises";

/** Time as an argument, so that nothing in a test has to wait for it. */
export interface Clock {
  /** Milliseconds since 1970; never goes backwards within one process. */
  now(): number;
  /** Rejects with the signal's reason when it fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
