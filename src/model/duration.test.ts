import { expect, test } from "vitest";
import { duration, wallTime } from "./duration.ts";

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
