import { expect, test } from "vitest";
import { Problem } from "../model/problem.ts";
import { fakeClock } from "./clock.test-helper.ts";
import { retryWithBackoff } from "./retry.ts";

/** Fails with each of the errors in turn, then succeeds. */
function failing(...errors: unknown[]) {
  const calls: number[] = [];
  const operation = async (attempt: number) => {
    calls.push(attempt);
    if (attempt <= errors.length) throw errors[attempt - 1];
    return "done";
  };
  return { operation, calls };
}

const refused = () =>
  new Problem({
    kind: "undetermined",
    code: "refused",
    message: "no answer",
    hint: "start it",
    place: "a:1",
  });

test("retryWithBackoff exists", () => {
  expect(retryWithBackoff).toBeTypeOf("function");
});

test("retryWithBackoff succeeds at the first attempt, without waiting or logging", async () => {
  const clock = fakeClock();
  const lines: string[] = [];
  const { operation, calls } = failing();
  await expect(retryWithBackoff(operation, { what: "x", clock, log: (l) => lines.push(l) })).resolves.toBe(
    "done",
  );
  expect(calls).toEqual([1]);
  expect(clock.waits).toEqual([]);
  expect(lines).toEqual([]);
});

test("retryWithBackoff succeeds at the second attempt and logs the first", async () => {
  const clock = fakeClock();
  const lines: string[] = [];
  const { operation, calls } = failing(refused());
  await expect(
    retryWithBackoff(operation, { what: "ssh web", clock, log: (l) => lines.push(l) }),
  ).resolves.toBe("done");
  expect(calls).toEqual([1, 2]);
  expect(clock.waits).toEqual([1000]);
  expect(lines).toEqual(["ssh web: attempt 1 of 3 failed: no answer; again in 1 s"]);
});

test("retryWithBackoff fails after three attempts, keeps the code and names their number", async () => {
  const clock = fakeClock();
  const lines: string[] = [];
  const { operation, calls } = failing(refused(), refused(), refused());
  await expect(
    retryWithBackoff(operation, { what: "x", clock, log: (l) => lines.push(l) }),
  ).rejects.toMatchObject({
    code: "refused",
    kind: "undetermined",
    hint: "start it",
    place: "a:1",
    message: "no answer (after 3 attempts)",
  });
  expect(calls).toEqual([1, 2, 3]);
  expect(clock.waits).toEqual([1000, 2000]);
  expect(lines).toEqual([
    "x: attempt 1 of 3 failed: no answer; again in 1 s",
    "x: attempt 2 of 3 failed: no answer; again in 2 s",
  ]);
});

test("a fourth attempt waits four seconds", async () => {
  const clock = fakeClock();
  const { operation } = failing(refused(), refused(), refused());
  await expect(retryWithBackoff(operation, { what: "x", clock, attempts: 4 })).resolves.toBe("done");
  expect(clock.waits).toEqual([1000, 2000, 4000]);
});

test("the base of the waits can be set", async () => {
  const clock = fakeClock();
  const { operation } = failing(refused(), refused());
  await retryWithBackoff(operation, { what: "x", clock, baseMs: 50 });
  expect(clock.waits).toEqual([50, 100]);
});

test("retryWithBackoff under dry run neither runs nor repeats", async () => {
  const clock = fakeClock();
  const { operation, calls } = failing(refused());
  await expect(retryWithBackoff(operation, { what: "x", clock, dryRun: true })).resolves.toBeUndefined();
  expect(calls).toEqual([]);
  expect(clock.waits).toEqual([]);
});

test("an error that cannot pass is thrown as it is, at once", async () => {
  const clock = fakeClock();
  const error = refused();
  const { operation, calls } = failing(error);
  await expect(retryWithBackoff(operation, { what: "x", clock, retryable: () => false })).rejects.toBe(error);
  expect(calls).toEqual([1]);
});

test("nothing is logged where no other attempt follows", async () => {
  const clock = fakeClock();
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const once = () => failing(refused()).operation;
  const over = { what: "x", clock, log };
  await expect(retryWithBackoff(once(), { ...over, retryable: () => false })).rejects.toThrow("no answer");
  await expect(retryWithBackoff(once(), { ...over, deadline: clock.now() + 500 })).rejects.toThrow();
  expect(lines).toEqual([]);
});

test("an attempt that was aborted is neither logged nor repeated", async () => {
  const clock = fakeClock();
  const lines: string[] = [];
  const controller = new AbortController();
  const operation = async () => {
    controller.abort();
    controller.signal.throwIfAborted();
  };
  const options = { what: "x", clock, signal: controller.signal, log: (line: string) => lines.push(line) };
  await expect(retryWithBackoff(operation, options)).rejects.toBe(controller.signal.reason);
  expect([lines, clock.waits]).toEqual([[], []]);
});

test("no wait is begun that would pass the deadline", async () => {
  const clock = fakeClock();
  const { operation, calls } = failing(refused(), refused(), refused());
  const deadline = clock.now() + 2500;
  await expect(retryWithBackoff(operation, { what: "x", clock, deadline })).rejects.toThrow(
    "no answer (after 2 attempts)",
  );
  expect(calls).toEqual([1, 2]);
  expect(clock.waits).toEqual([1000]);
  expect(clock.now()).toBeLessThan(deadline);
});

test("an abort during a wait ends it with the signal's reason", async () => {
  const clock = fakeClock();
  const controller = new AbortController();
  const { operation } = failing(refused(), refused());
  const log = () => controller.abort(new Error("stopped"));
  await expect(
    retryWithBackoff(operation, { what: "x", clock, signal: controller.signal, log }),
  ).rejects.toThrow("stopped");
});

test("an error that is no Problem keeps its code", async () => {
  const clock = fakeClock();
  const error = () => Object.assign(new Error("reset"), { code: "ECONNRESET" });
  const { operation } = failing(error(), error(), error());
  await expect(retryWithBackoff(operation, { what: "x", clock })).rejects.toMatchObject({
    code: "ECONNRESET",
    message: "reset (after 3 attempts)",
  });
});
