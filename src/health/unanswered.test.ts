import { expect, test } from "vitest";
import { guestComponent } from "./health.test-helper.ts";
import { outcomeOfNoAnswer } from "./unanswered.ts";

test.each([
  ["timed-out", "fail", "no-answer"],
  ["too-much", "fail", "ssh-too-much"],
  ["unasked", "unknown", "probe-outdated"],
] as const)("%s is %s", (reply, status, code) => {
  expect(outcomeOfNoAnswer(reply, guestComponent({}).guest)).toMatchObject({ status, code });
});

test("only an older probe is mended by installing the current one", () => {
  const hints = (["timed-out", "too-much", "unasked"] as const).map(
    (reply) => outcomeOfNoAnswer(reply, guestComponent({}).guest).hint,
  );
  expect(hints).toEqual([undefined, undefined, expect.stringContaining("pve-home health --print-probe")]);
});
