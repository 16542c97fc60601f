import { seconds } from "../model/duration.ts";
import { messageOf, Problem } from "../model/problem.ts";
import { type Clock, systemClock } from "./clock.ts";

export interface RetryOptions {
  /** What is tried, for the log: `ssh root@10.0.0.5`. */
  what: string;
  /** At least 1; 3 by default. */
  attempts?: number;
  /** The first wait in milliseconds, doubled for each further one; 1000 by default: 1 s, 2 s, 4 s, … */
  baseMs?: number;
  /**
   * A time of the clock. No wait is begun that would end at or after it; the operation itself has to keep to
   * it on its own. A function is asked again after each failure; undefined: no limit.
   */
  deadline?: number | (() => number | undefined);
  /** Ends a wait, with the signal's reason; what fails after it fired is not tried again. */
  signal?: AbortSignal;
  /** Whether another attempt can help; always, by default. */
  retryable?: (error: unknown) => boolean;
  /** Gets one line per failed attempt that another one follows, and what it failed with. */
  log?: (line: string, error: unknown) => void;
  clock?: Clock;
  /** Nothing is run, and so nothing is tried again: the result is undefined. */
  dryRun?: boolean;
}

const defaultAttempts = 3;
const defaultBaseMs = 1000;

/**
 * Runs an operation until it succeeds, at most `attempts` times. The error of the last attempt is thrown, with
 * the number of attempts in its message and everything else (code, kind, hint) as it was; one that another
 * attempt could not help is thrown as it is when it was the first.
 */
export function retryWithBackoff<T>(
  operation: (attempt: number) => Promise<T>,
  options: RetryOptions & { dryRun?: false },
): Promise<T>;
export function retryWithBackoff<T>(
  operation: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T | undefined>;
export async function retryWithBackoff<T>(
  operation: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T | undefined> {
  if (options.dryRun) return undefined;
  const { what, attempts = defaultAttempts, baseMs = defaultBaseMs, clock = systemClock } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation(attempt);
    } catch (error) {
      // The caller has stopped waiting, and the reason is its own.
      if (options.signal?.aborted) throw error;
      if (options.retryable?.(error) === false) throw attempt === 1 ? error : withAttempts(error, attempt);
      if (attempt >= attempts) throw withAttempts(error, attempt);
      const wait = baseMs * 2 ** (attempt - 1);
      const deadline = typeof options.deadline === "function" ? options.deadline() : options.deadline;
      if (deadline !== undefined && clock.now() + wait >= deadline) throw withAttempts(error, attempt);
      const failed = `attempt ${attempt} of ${attempts} failed: ${messageOf(error)}`;
      options.log?.(`${what}: ${failed}; again in ${seconds(wait)}`, error);
      await clock.sleep(wait, options.signal);
    }
  }
}

function withAttempts(error: unknown, attempts: number): unknown {
  const message = `${messageOf(error)} (after ${attempts} ${attempts === 1 ? "attempt" : "attempts"})`;
  if (!(error instanceof Problem)) {
    const code = error instanceof Error && "code" in error ? { code: error.code } : {};
    return Object.assign(new Error(message, { cause: error }), code);
  }
  return new Problem({
    kind: error.kind,
    code: error.code,
    message,
    cause: error,
    ...(error.place === undefined ? {} : { place: error.place }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}
