/** One comparison: two things timed side by side in the same run. Only the ratio says anything. */
export interface Row {
  name: string;
  /** What is measured, and what against. */
  ours: string;
  floor: string;
  /** The ratio to stay below; a row above it is shown as such and fails nothing. */
  target: number;
  /** Of what is measured; `ms` by default. */
  unit?: string;
  /** One run each; called in turns. Throws where the result is not what it must be. */
  measure(): Promise<{ ours: number; floor: number }>;
  rounds: number;
  /** After the last round. */
  close?(): Promise<void>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
