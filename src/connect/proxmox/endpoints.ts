import { seconds } from "../../model/duration.ts";
import { messageOf, Problem } from "../../model/problem.ts";
import type { Log } from "../../model/progress.ts";
import type { Clock } from "../clock.ts";

/** The nodes of one cluster that can be asked for the same things. */
export interface Endpoints {
  /** The one that answered last; the first until one has. */
  current(): string;
  /** The answer of the current one; of the next where that one fails, or is silent for a while. Only for reads. */
  ask<T>(work: Work<T>, signal?: AbortSignal): Promise<T>;
  /** The one that a write goes to, which is made once: that answered already, or answers `probe` first. */
  answering(probe: Work<unknown>, signal?: AbortSignal): Promise<string>;
}

type Work<T> = (origin: string, signal: AbortSignal) => Promise<T>;

interface Answer<T> {
  origin: string;
  value: T;
}

export interface EndpointSettings {
  origins: readonly [string, ...string[]];
  /** How long one may be silent until the next is asked as well, in milliseconds. */
  patienceMs: number;
  clock: Clock;
  /** Gets a line once for each endpoint that did not answer. */
  log?: Log;
}

export function createEndpoints({ origins, patienceMs, clock, log }: EndpointSettings): Endpoints {
  let current: string = origins[0];
  let answered = origins.length === 1;
  const told = new Set<string>();

  function tell(origin: string, why: string, next: string): void {
    if (!told.has(origin)) log?.(`${why}; asking ${hostOf(next)} instead`);
    told.add(origin);
  }

  /** Why the next endpoint is to be asked as well; undefined: one has answered. */
  async function whyGoOn(attempts: readonly Promise<Answer<unknown>>[], origin: string, limits: AbortSignal) {
    const last = attempts.at(-1);
    const impatience = clock.sleep(patienceMs, limits);
    return Promise.race([
      Promise.any(attempts).then(
        () => undefined,
        (error: AggregateError) => messageOf(error.errors.at(-1)),
      ),
      last?.then(() => undefined, messageOf),
      impatience.then(() => `Proxmox at ${hostOf(origin)} has not answered for ${seconds(patienceMs)}`),
    ]);
  }

  async function ask<T>(work: Work<T>, signal?: AbortSignal): Promise<T> {
    const over = new AbortController();
    const limits = AbortSignal.any(signal === undefined ? [over.signal] : [over.signal, signal]);
    const order = [current, ...origins.filter((origin) => origin !== current)];
    const attempts: Promise<Answer<T>>[] = [];
    try {
      for (const [index, origin] of order.entries()) {
        attempts.push(work(origin, limits).then((value) => ({ origin, value })));
        const next = order[index + 1];
        if (next === undefined) break;
        const why = await whyGoOn(attempts, origin, limits);
        signal?.throwIfAborted();
        if (why === undefined) break;
        tell(origin, why, next);
      }
      const first = await Promise.any(attempts);
      current = first.origin;
      answered = true;
      return first.value;
    } catch (error) {
      signal?.throwIfAborted();
      throw noneAnswers(error instanceof AggregateError ? error.errors : [error]);
    } finally {
      over.abort(new Error("another endpoint has answered"));
    }
  }

  return {
    current: () => current,
    ask,
    answering: async (probe, signal) => {
      if (!answered) await ask(probe, signal);
      return current;
    },
  };
}

function noneAnswers(failures: readonly unknown[]): unknown {
  const [first] = failures;
  if (failures.length === 1 || !(first instanceof Problem)) return first;
  const codes = new Set(failures.map((failure) => (failure instanceof Problem ? failure.code : "")));
  return new Problem({
    kind: "undetermined",
    code: codes.size === 1 ? first.code : "proxmox-unreachable",
    message: `no endpoint of Proxmox answers: ${failures.map(messageOf).join("; ")}`,
    cause: first.cause,
    ...(first.hint === undefined ? {} : { hint: first.hint }),
  });
}

function hostOf(origin: string): string {
  return new URL(origin).host;
}
