import { randomInt } from "node:crypto";

/** How often, and with which random moments; `HOSTILE_SEED` repeats the moments of a run. */
export const rounds = Number(process.env.HOSTILE_ROUNDS ?? 0);
export const seed = Number(process.env.HOSTILE_SEED ?? randomInt(1_000_000));

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
