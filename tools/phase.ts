/** Does one step of a long run, and says how long it took. */
export async function phase<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    console.log(`-- ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
}
