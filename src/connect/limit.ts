/** Runs what it is given, at most `places` at once; the others wait in order. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

export function createLimit(places: number): Limit {
  const waiting: (() => void)[] = [];
  let free = Math.max(1, places);
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place is handed on, not given back, so that nobody can come in between.
      if (next === undefined) free += 1;
      else next();
    }
  };
}
