import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTaskEngine } from "./engine.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const work = { node: "pve1", type: "qmstart", user: "root@pam" };
const settings = {
  now: Date.now,
  changed: async () => undefined,
  failing: () => undefined,
  hanging: () => false,
};

test("where tasks take no time, they have ended when they are asked for; one that hangs, and one forgotten, have not", async () => {
  let hanging = false;
  let saved = () => {};
  const engine = createTaskEngine({
    ...settings,
    seconds: 0,
    hanging: () => hanging,
    changed: () =>
      new Promise((resolve) => {
        saved = resolve;
      }),
  });
  const start = (id: string) => engine.start({ ...work, id, run: () => undefined });
  const ended = start("101");
  const asked = engine.settled(ended).then(() => engine.find(ended)?.exitstatus);
  await vi.advanceTimersByTimeAsync(0);
  expect(engine.find(ended)).not.toHaveProperty("exitstatus");
  saved();
  expect(await asked).toBe("OK");

  const forgotten = start("102");
  const waiting = engine.settled(forgotten);
  engine.forgetRunning();
  await waiting;
  hanging = true;
  const held = start("103");
  await vi.advanceTimersByTimeAsync(0);
  await engine.settled(held);
  for (const upid of [forgotten, held]) expect(engine.find(upid)).not.toHaveProperty("exitstatus");
});

test("tasks that hang end when they are resumed, those that are cancelled do not, and others take their time", async () => {
  let hanging = true;
  const engine = createTaskEngine({ ...settings, seconds: 1, hanging: () => hanging });
  const done: string[] = [];
  const start = (id: string) => engine.start({ ...work, id, run: () => void done.push(id) });
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
