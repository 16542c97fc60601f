import type { Clock } from "./clock.ts";

export interface FakeClock extends Clock {
  /** Every wait that was asked for, in milliseconds, in order. */
  readonly waits: readonly number[];
  advance(ms: number): void;
}

/** A clock whose waits end at once and move its own time forward by what they would have taken. */
export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}
