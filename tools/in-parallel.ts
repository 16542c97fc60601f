/** Does all of it, at most `workers` at a time, begun in the given order; results in that order. */
export async function inParallel<T>(work: readonly (() => Promise<T>)[], workers: number): Promise<T[]> {
  const queue = work.entries();
  const results = new Map<number, T>();
  const worker = async (): Promise<void> => {
    for (const [index, one] of queue) results.set(index, await one());
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return work.flatMap((_, index) => {
    const result = results.get(index);
    return result === undefined ? [] : [result];
  });
}
