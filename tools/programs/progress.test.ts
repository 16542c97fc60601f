import { expect, test, vi } from "vitest";
import { startProgress } from "./progress.ts";
import { sink } from "./testing.ts";

test("a terminal sees one line that counts seconds", () => {
  vi.useFakeTimers();
  const stream = { ...sink(), isTTY: true };
  const end = startProgress("building OpenTofu 1.12.6, about 3 minutes", stream);
  vi.advanceTimersByTime(42_000);
  expect(stream.text().split("\r").at(-1)).toBe("building OpenTofu 1.12.6, about 3 minutes … 42 s");
  expect(stream.text()).not.toContain("\n");
  end("built OpenTofu 1.12.6");
  expect(stream.text().endsWith("\r\u001b[2Kbuilt OpenTofu 1.12.6 in 42 s\n")).toBe(true);
  vi.useRealTimers();
});

test("a log gets a line every half minute and no control characters", () => {
  vi.useFakeTimers();
  const stream = sink();
  const end = startProgress("building", stream);
  vi.advanceTimersByTime(70_000);
  end();
  vi.advanceTimersByTime(70_000);
  expect(stream.text()).toBe("building …\nbuilding … 30 s\nbuilding … 60 s\n");
  vi.useRealTimers();
});
