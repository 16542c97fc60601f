import { expect, test } from "vitest";
import { manualClock, settle } from "./clock.test-helper.ts";
import { silence, withinDeadline } from "./deadline.ts";
import { hang } from "./health.test-helper.ts";

test("an answer in time is given on", async () => {
  const clock = manualClock();
  expect(await withinDeadline(clock, clock.now() + 1000, async () => "here")).toBe("here");
});

test("a failure in time is given on", async () => {
  const clock = manualClock();
  const work = () => Promise.reject(new Error("broken"));
  await expect(withinDeadline(clock, clock.now() + 1000, work)).rejects.toThrow("broken");
});

test("work that hangs and ignores its signal is cut off at the deadline, not before", async () => {
  const clock = manualClock();
  const signals: AbortSignal[] = [];
  let result: unknown;
  const waiting = withinDeadline(clock, clock.now() + 1000, (signal) => {
    signals.push(signal);
    return hang();
  }).then((value) => {
    result = value;
  });
  await clock.advance(999);
  expect([result, signals[0]?.aborted]).toEqual([undefined, false]);
  await clock.advance(1);
  await waiting;
  expect([result, signals[0]?.aborted]).toEqual([silence, true]);
});

test("a failure after the deadline is dropped", async () => {
  const clock = manualClock();
  const waiting = withinDeadline(
    clock,
    clock.now() + 1000,
    (signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("cut off")))),
  );
  await clock.advance(1000);
  expect(await waiting).toBe(silence);
  await settle();
});
