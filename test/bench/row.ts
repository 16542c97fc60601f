/** One comparison: two things timed side by side in the same run. Only the ratio says anything. */
export interface Row {
  name: string;
  /** What is measured, and what against. */
  ours: string;
  floor: string;
  /** The ratio to stay below; a row above it is shown as such and fails nothing. */
  target: number;
  /** Milliseconds of one run each; called in turns. */
  measure(): Promise<{ ours: number; floor: number }>;
  rounds: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
