import { expect, test } from "vitest";
import { fakeClock } from "../clock.test-helper.ts";
import { checkSshAccess, sshExecRetry } from "./exec-retry.ts";
import { sshProblem } from "./failures.ts";
import type { SshFailure, SshSession } from "./types.ts";

const target = { host: "10.0.0.5", port: 22, user: "root" };

/** A session that fails in the given ways, then answers. Each connection starts after `waitMs` and takes `takesMs`. */
function sessionOf(failures: SshFailure[], takesMs = 0, waitMs = 0) {
  const clock = fakeClock();
  const calls: { command: string; timeoutMs: number }[] = [];
  const session: SshSession = {
    target,
    run: async (command, { timeoutMs }) => {
      clock.advance(waitMs);
      calls.push({ command, timeoutMs: typeof timeoutMs === "number" ? timeoutMs : timeoutMs() });
      clock.advance(takesMs);
      const failure = failures[calls.length - 1];
      if (failure !== undefined) throw sshProblem(failure, target, "because");
      return { exitCode: 0, stdout: "hello", stderr: "" };
    },
  };
  return { session, calls, clock };
}

test("sshExecRetry exists", () => {
  expect(sshExecRetry).toBeTypeOf("function");
});

test("sshExecRetry answers at the second attempt and logs the first", async () => {
  const { session, calls, clock } = sessionOf(["refused"]);
  const lines: string[] = [];
  const options = { timeoutMs: 10_000, clock, log: (line: string) => lines.push(line) };
  await expect(sshExecRetry(session, "hostname", options)).resolves.toEqual({
    exitCode: 0,
    stdout: "hello",
    stderr: "",
  });
  expect(calls.map(({ command }) => command)).toEqual(["hostname", "hostname"]);
  expect(clock.waits).toEqual([1000]);
  expect(lines).toEqual(["ssh root@10.0.0.5: attempt 1 of 3 failed: root@10.0.0.5: because; again in 1 s"]);
});

test.each(["refused", "timeout", "silent", "unreachable", "failed"] as const)(
  "%s is tried three times",
  async (failure) => {
    const { session, calls, clock } = sessionOf([failure, failure, failure]);
    await expect(sshExecRetry(session, "true", { timeoutMs: 10_000, clock })).rejects.toMatchObject({
      code: `ssh-${failure}`,
      message: expect.stringContaining("(after 3 attempts)"),
    });
    expect(calls).toHaveLength(3);
    expect(clock.waits).toEqual([1000, 2000]);
  },
);

test.each(["host-key-changed", "host-key-unknown", "denied", "unresolved"] as const)(
  "%s is never tried again",
  async (failure) => {
    const { session, calls, clock } = sessionOf([failure]);
    await expect(sshExecRetry(session, "true", { timeoutMs: 10_000, clock })).rejects.toMatchObject({
      code: `ssh-${failure}`,
    });
    expect(calls).toHaveLength(1);
  },
);

test("all attempts together keep to the limit", async () => {
  const { session, calls, clock } = sessionOf(["refused", "refused", "refused"], 4000);
  await expect(sshExecRetry(session, "true", { timeoutMs: 10_000, clock })).rejects.toThrow(
    "(after 2 attempts)",
  );
  expect(calls.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 5000]);
});

test("the limit is counted from the first connection, a deadline from nothing", async () => {
  const limited = sessionOf(["refused"], 0, 300);
  await sshExecRetry(limited.session, "true", { timeoutMs: 10_000, clock: limited.clock });
  expect(limited.calls.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 8700]);
  const { session, calls, clock } = sessionOf(["refused"], 0, 300);
  await sshExecRetry(session, "true", { deadline: clock.now() + 10_000, clock });
  expect(calls.map(({ timeoutMs }) => timeoutMs)).toEqual([9700, 8400]);
});

test("checkSshAccess uses retry", async () => {
  const { session, calls, clock } = sessionOf(["unreachable", "refused"]);
  await expect(checkSshAccess(session, { timeoutMs: 10_000, clock })).resolves.toBeUndefined();
  expect(calls.map(({ command }) => command)).toEqual(["true", "true", "true"]);
  expect(clock.waits).toEqual([1000, 2000]);
});
