import { expect, test } from "vitest";
import { fakeClock } from "../connect/clock.test-helper.ts";
import type { RunOptions, SshSession } from "../connect/ssh/types.ts";
import { askGuest } from "./ask-guest.ts";
import { docker } from "./checks/docker.ts";
import { problem } from "./health.test-helper.ts";
import { markOf, probeOf } from "./probe.ts";

const probe = probeOf([docker]);
const started = `@pve-home probe ${probe.hash}`;
const answered = [" active", " ", " 0", "", `@pve-home ${markOf(docker)}`];
const end = "@pve-home end";

/** A guest that prints the lines of each attempt, then fails with the Problem where there is one. */
function ask(...attempts: { lines: string[]; fails?: string; exitCode?: number }[]) {
  const clock = fakeClock();
  const sent: (RunOptions & { command: string })[] = [];
  const session: SshSession = {
    target: { host: "10.0.0.5", port: 22, user: "root" },
    run: async (command, options) => {
      const attempt = attempts[sent.length];
      sent.push({ command, ...options });
      for (const line of attempt?.lines ?? []) options.onLine?.(line);
      if (attempt?.fails !== undefined) throw problem(attempt.fails);
      return { exitCode: attempt?.exitCode ?? 0, stdout: attempt?.lines.join("\n") ?? "", stderr: "" };
    },
  };
  const guest = askGuest(() => session, probe, { deadline: clock.now() + 10_000, clock });
  return { guest, sent };
}

test("the whole probe goes over stdin to one shell", async () => {
  const { guest, sent } = ask({ lines: ["Welcome", " 7", started, ...answered, end] });
  await expect(guest.login).resolves.toEqual({ outdated: false });
  await expect(guest.replyTo(docker)).resolves.toEqual({ exitCode: 0, output: "active" });
  expect(sent).toMatchObject([{ command: "sh", stdin: probe.script }]);
});

test("an older probe on the guest is told, and what it does not ask is unasked", async () => {
  const older = ["@pve-home probe 0123456789abcdef", " active", " ", " 0", "@pve-home docker-00000000", end];
  const { guest } = ask({ lines: older });
  await expect(guest.login).resolves.toEqual({ outdated: true });
  await expect(guest.replyTo(docker)).resolves.toBe("unasked");
});

test("what was answered before a connection was lost stays answered; the rest is asked again", async () => {
  const lost = { lines: [started], fails: "ssh-failed" };
  const { guest, sent } = ask(lost, { lines: [started, ...answered, end] });
  await expect(guest.login).resolves.toEqual({ outdated: false });
  await expect(guest.replyTo(docker)).resolves.toMatchObject({ output: "active" });
  expect(sent).toHaveLength(2);
  const hangs = ask({ lines: [started], fails: "ssh-too-much" });
  await expect(hangs.guest.login).resolves.toEqual({ outdated: false });
  await expect(hangs.guest.replyTo(docker)).rejects.toMatchObject({ code: "ssh-too-much" });
});

test("a guest whose login runs something else has failed, with what it said", async () => {
  const said = { lines: ["This account is currently not available."], exitCode: 1 };
  const { guest, sent } = ask(said, said, said);
  await expect(guest.login).rejects.toMatchObject({
    code: "ssh-failed",
    message: expect.stringContaining("exit code 1: This account is currently not available."),
  });
  expect(sent).toHaveLength(3);
});

test.each(["ssh-host-key-changed", "ssh-host-key-unknown", "ssh-denied"])(
  "%s is not tried again",
  async (code) => {
    const { guest, sent } = ask({ lines: [], fails: code });
    await expect(guest.login).rejects.toMatchObject({ code });
    await expect(guest.replyTo(docker)).rejects.toMatchObject({ code });
    expect(sent).toHaveLength(1);
  },
);
