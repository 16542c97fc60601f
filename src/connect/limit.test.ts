import { expect, test } from "vitest";
import { createLimit } from "./limit.ts";

test("no more than the limit run at once, in order, and a failure frees its place", async () => {
  const limit = createLimit(2);
  let running = 0;
  let most = 0;
  const started: number[] = [];
  const work = (index: number) => async () => {
    started.push(index);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (index === 1) throw new Error("one");
    return index;
  };
  const all = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => limit(work(index))));
  expect(most).toBe(2);
  expect(started).toEqual([0, 1, 2, 3, 4]);
  expect(all.map((one) => one.status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
});

test("less than one place is one", async () => {
  await expect(createLimit(0)(async () => "done")).resolves.toBe("done");
});
