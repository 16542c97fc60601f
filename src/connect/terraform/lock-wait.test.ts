import { expect, test } from "vitest";
import type { Clock } from "../clock.ts";
import { waitForLock } from "./lock-wait.ts";
import type { StateLock, TerraformRun } from "./types.ts";

const run: TerraformRun = { directory: "/env/prod", tool: "tofu", environment: {} };
const lock: StateLock = {
  who: "anna@laptop",
  since: "2026-03-01T04:00:00Z",
  operation: "OperationTypeApply",
  id: "4f1",
};

/** Time that only passes in `sleep`. */
function frozenClock(): Clock & { slept: number } {
  const clock = {
    slept: 0,
    now: () => clock.slept,
    sleep: async (ms: number) => {
      clock.slept += ms;
    },
  };
  return clock;
}

function wait(clock: Clock, held: (now: number) => boolean, timeoutMs: number, told: string[] = []) {
  return waitForLock(run, {
    readLock: async () => (held(clock.now()) ? lock : undefined),
    clock,
    timeoutMs,
    onWait: ({ who }) => told.push(who),
    signal: undefined,
  });
}

test("a free lock costs no time", async () => {
  const clock = frozenClock();
  await wait(clock, () => false, 300_000);
  expect(clock.slept).toBe(0);
});

test("waits until it is free, and says so once", async () => {
  const clock = frozenClock();
  const told: string[] = [];
  await wait(clock, (now) => now < 7000, 300_000, told);
  expect(clock.slept).toBe(8000);
  expect(told).toEqual(["anna@laptop"]);
});

test("held for too long: by whom, since when, and what to do", async () => {
  const clock = frozenClock();
  await expect(wait(clock, () => true, 5000)).rejects.toMatchObject({
    code: "state-locked",
    kind: "undetermined",
    message: "the state is locked by anna@laptop since 2026-03-01T04:00:00Z (OperationTypeApply)",
    hint: expect.stringContaining("tofu -chdir=/env/prod force-unlock 4f1"),
  });
  expect(clock.slept).toBe(5000);
});

test("without patience it is looked at once", async () => {
  const clock = frozenClock();
  await expect(wait(clock, () => true, 0)).rejects.toMatchObject({ code: "state-locked" });
  expect(clock.slept).toBe(0);
});
