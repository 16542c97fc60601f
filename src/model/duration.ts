/** Milliseconds for a person: `340 ms`, `2.3 s`, `1 min 5 s`, `2 h 3 min`. */
export function duration(milliseconds: number): string {
  const whole = Math.round(milliseconds);
  if (whole < 1000) return `${whole} ms`;
  const tenths = Math.round(whole / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(whole / 1000);
  if (seconds < 3600) return joined(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(seconds / 60);
  return joined(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A time limit for a person, as it was given: `10 s`, `9.5 s`. */
export function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(1))} s`;
}

/** How long something has been so, for a person: `42 s`, `5 min`, `3 h`, `12 d`: the largest unit alone, rounded down. */
export function roughDuration(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  const units = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
  ] as const;
  for (const [size, name] of units) if (whole >= size) return `${Math.floor(whole / size)} ${name}`;
  return `${whole} s`;
}

/** Wall time of runs side by side: from the first start to the last end. */
export function wallTime(runs: readonly { startedAt: string; durationMs: number }[]): number {
  if (runs.length === 0) return 0;
  const starts = runs.map((run) => Date.parse(run.startedAt));
  const ends = runs.map((run) => Date.parse(run.startedAt) + run.durationMs);
  return Math.max(...ends) - Math.min(...starts);
}
