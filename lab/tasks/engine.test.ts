import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTaskEngine } from "./engine.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("tasks that hang end when they are resumed, those that are cancelled do not, and others take their time", async () => {
  let hanging = true;
  const engine = createTaskEngine({
    seconds: 1,
    now: Date.now,
    changed: async () => undefined,
    failing: () => undefined,
    hanging: () => hanging,
  });
  const done: string[] = [];
  const start = (id: string) =>
    engine.start({ node: "pve1", type: "qmstart", id, user: "root@pam", run: () => void done.push(id) });
  const [held, cancelled] = [start("101"), start("102")];
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(engine.find(held)).not.toHaveProperty("exitstatus");
  await engine.cancel(cancelled);
  const young = start("103");

  hanging = false;
  await engine.resume();
  expect(done).toEqual(["101"]);
  expect(engine.find(held)?.exitstatus).toBe("OK");
  expect(engine.find(cancelled)?.exitstatus).toBe("interrupted by signal");
  expect(engine.find(young)).not.toHaveProperty("exitstatus");
  await vi.advanceTimersByTimeAsync(1000);
  expect(done).toEqual(["101", "103"]);
});
