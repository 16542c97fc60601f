import { expect, test } from "vitest";
import { duration, roughDuration, seconds, wallTime } from "./duration.ts";

test.each([
  [0, "0 ms"],
  [340.4, "340 ms"],
  [999.6, "1.0 s"],
  [2300, "2.3 s"],
  [59_940, "59.9 s"],
  [59_960, "1 min"],
  [65_000, "1 min 5 s"],
  [3_599_600, "1 h"],
  [7_380_000, "2 h 3 min"],
])("%d ms is %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

test("runs side by side take from the first start to the last end", () => {
  const first = { startedAt: "2026-11-20T06:00:00.000Z", durationMs: 2000 };
  const second = { startedAt: "2026-11-20T06:00:01.500Z", durationMs: 1000 };
  expect(wallTime([second, first])).toBe(2500);
  expect(wallTime([])).toBe(0);
});

test.each([
  [10_000, "10 s"],
  [9500, "9.5 s"],
  [333, "0.3 s"],
])("a limit of %i ms reads %s", (milliseconds, text) => {
  expect(seconds(milliseconds)).toBe(text);
});

test.each([
  [59_999, "59 s"],
  [60_000, "1 min"],
  [3_599_000, "59 min"],
  [86_399_000, "23 h"],
  [12 * 86_400_000, "12 d"],
])("%i ms are roughly %s", (milliseconds, text) => {
  expect(roughDuration(milliseconds)).toBe(text);
});
