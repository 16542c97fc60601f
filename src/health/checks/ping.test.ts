import { expect, test } from "vitest";
import { fakeClock } from "../../connect/clock.test-helper.ts";
import type { ChildResult } from "../../connect/process.ts";
import { contextOf, guestComponent, problem } from "../health.test-helper.ts";
import { type Ping, pingWith } from "./ping.ts";

const linux = [
  "PING 10.0.0.101 (10.0.0.101) 56(84) bytes of data.",
  "",
  "--- 10.0.0.101 ping statistics ---",
  "1 packets transmitted, 1 received, 0% packet loss, time 0ms",
  "rtt min/avg/max/mdev = 0.412/0.412/0.412/0.000 ms",
].join("\n");
const busybox = [
  "PING 10.0.0.101 (10.0.0.101): 56 data bytes",
  "",
  "--- 10.0.0.101 ping statistics ---",
  "1 packets transmitted, 1 packets received, 0% packet loss",
  "round-trip min/avg/max = 0.412/0.412/0.412 ms",
].join("\n");

function result(facts: Partial<ChildResult>): ChildResult {
  return {
    exitCode: 0,
    signal: null,
    stdout: "",
    stderr: "",
    timedOut: false,
    truncated: false,
    ...facts,
  };
}

function run(address: string | null, program: Ping) {
  return pingWith(program).run(guestComponent({ address }), contextOf({ clock: fakeClock() }));
}

const unused: Ping = () => Promise.reject(new Error("no ping was to be sent"));

test.each(["127.0.0.1", "127.20.3.4", "::1", "localhost"])(
  "%s is skipped: it answers for everyone",
  async (address) => {
    const outcome = await run(address, unused);
    expect(outcome).toMatchObject({ status: "skipped", detail: expect.stringContaining("loopback") });
  },
);

test("without an address it is skipped with the reason", async () => {
  expect(await run(null, unused)).toEqual({ status: "skipped", detail: "its address is not known" });
});

test.each([linux, busybox])("an answer is ok with its time", async (stdout) => {
  expect(await run("10.0.0.101", async () => result({ stdout }))).toEqual({
    status: "ok",
    detail: "answers in 0.412 ms",
  });
});

test("an answer in another format is ok without a time", async () => {
  expect((await run("fd00::1", async () => result({}))).detail).toBe("answers");
});

test("one lost packet is no failure", async () => {
  let sent = 0;
  const outcome = await run("10.0.0.101", async () => {
    sent += 1;
    return result({ exitCode: sent === 1 ? 1 : 0, stdout: linux });
  });
  expect([outcome.status, sent]).toEqual(["ok", 2]);
});

test("three without an answer are a Problem of the guest, within the limit", async () => {
  const waits: number[] = [];
  const program: Ping = async (_address, seconds) => {
    waits.push(seconds);
    return result({ exitCode: 1 });
  };
  await expect(run("10.0.0.101", program)).rejects.toMatchObject({
    code: "ping-silent",
    message: expect.stringContaining("3 attempts"),
  });
  expect(waits).toEqual([2, 2, 2]);
});

test.each([
  ["ping: socktype: SOCK_RAW\nping: socket: Operation not permitted", "ping-forbidden"],
  ["ping: web.internal: Name or service not known", "name-unresolved"],
  ["ping: bad address 'web.internal'", "name-unresolved"],
  ["ping: unrecognized option: W\nUsage: ping", "ping-failed"],
])("%j is not the guest's doing, and not tried again", async (stderr, code) => {
  let sent = 0;
  const program: Ping = async () => {
    sent += 1;
    return result({ exitCode: 2, stderr });
  };
  await expect(run("10.0.0.101", program)).rejects.toMatchObject({ code });
  expect(sent).toBe(1);
});

test("a missing program is not tried again", async () => {
  let sent = 0;
  const program: Ping = () => {
    sent += 1;
    return Promise.reject(problem("program-missing", "the program ping was not found", "install it"));
  };
  await expect(run("10.0.0.101", program)).rejects.toMatchObject({
    code: "program-missing",
    hint: "install it",
  });
  expect(sent).toBe(1);
});
