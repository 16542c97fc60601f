import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";

test("the system's clock tells the time of day and does not go backwards", () => {
  const first = systemClock.now();
  expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
  expect(systemClock.now()).toBeGreaterThanOrEqual(first);
});

test("a wait ends with the reason of an abort", async () => {
  const controller = new AbortController();
  const waiting = systemClock.sleep(60_000, controller.signal);
  controller.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
});
