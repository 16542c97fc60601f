import { expect, test } from "vitest";
import { inParallel } from "./in-parallel.ts";

test("all is done, so many at a time, and the results are in order", async () => {
  let now = 0;
  let most = 0;
  const work = [3, 1, 2, 5, 4].map((turns) => async () => {
    now += 1;
    most = Math.max(most, now);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    now -= 1;
    return turns;
  });
  expect(await inParallel(work, 2)).toEqual([3, 1, 2, 5, 4]);
  expect(most).toBe(2);
});
