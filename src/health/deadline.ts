import type { Clock } from "../connect/clock.ts";

/** What `withinDeadline` gives instead of an answer. */
export const silence = Symbol("no answer in time");

/**
 * Waits for the work until the deadline (a time of the clock) and not a moment longer, whether or not the work
 * heeds the signal that fires then. What it still does or throws afterwards is dropped.
 */
export async function withinDeadline<T>(
  clock: Clock,
  deadline: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | typeof silence> {
  const over = new AbortController();
  const answer = (async () => work(over.signal))();
  const bell = clock
    .sleep(Math.max(0, deadline - clock.now()), over.signal)
    .then((): typeof silence => silence);
  try {
    return await Promise.race([answer, bell]);
  } finally {
    over.abort();
  }
}
