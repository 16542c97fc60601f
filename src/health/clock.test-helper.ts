import type { Clock } from "../connect/clock.ts";

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves on, ending the waits that fall due in between in their order. */
  advance(ms: number): Promise<void>;
}

export function manualClock(): ManualClock {
  let now = Date.UTC(2026, 0, 1);
  const waits = new Set<{ due: number; end: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const wait = { due: now + ms, end: resolve };
        waits.add(wait);
        signal?.addEventListener("abort", () => {
          waits.delete(wait);
          reject(signal.reason);
        });
      }),
    advance: async (ms) => {
      const until = now + ms;
      for (;;) {
        await settle();
        const [next] = [...waits].filter((wait) => wait.due <= until).sort((a, b) => a.due - b.due);
        if (next === undefined) break;
        now = Math.max(now, next.due);
        waits.delete(next);
        next.end();
      }
      now = until;
      await settle();
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
