import { afterEach, expect, test } from "vitest";
import { fakeClock } from "../clock.test-helper.ts";
import { createProxmoxClient } from "./client.ts";
import { answer, connectionTo, startServer } from "./server.test-helper.ts";
import { type TaskOptions, waitForTask } from "./tasks.ts";

const upid = "UPID:pve1:0003F2A1:01B7C4D2:68C1F0A3:vzdump:101:root@pam!t:";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A task that has each of these states in turn, and then the last for ever; `log` is what it has written by then. */
async function waiting(
  states: { exit?: string; log?: string[]; status?: number }[],
  options: Partial<TaskOptions> = {},
) {
  let asked = 0;
  const stateNow = () => states[Math.min(asked, states.length) - 1] ?? {};
  const server = await startServer((request, response) => {
    const url = new URL(request.url ?? "", "https://x");
    if (url.pathname.endsWith("/status")) {
      asked += 1;
      const { exit, status } = stateNow();
      if (status !== undefined) return answer(response, null, status, "broken");
      answer(response, exit === undefined ? { status: "running" } : { status: "stopped", exitstatus: exit });
    } else {
      const { log = [] } = stateNow();
      const start = Number(url.searchParams.get("start"));
      const rows = log.slice(start).map((t, index) => ({ n: start + index + 1, t }));
      answer(response, log.length === 0 ? [{ n: 1, t: "no content" }] : rows);
    }
  });
  const clock = fakeClock();
  const client = createProxmoxClient(connectionTo(server), { clock });
  open.push(client, server);
  const lines: string[] = [];
  const result = waitForTask(client, upid, {
    timeoutMs: 60_000,
    clock,
    onLine: (line) => lines.push(line),
    ...options,
  });
  return { result, lines, clock, server };
}

test("the log is passed on line by line, once each, and the waits grow to a second", async () => {
  const running = [{}, { log: ["a"] }, { log: ["a", "b"] }, { log: ["a", "b"] }, { log: ["a", "b"] }];
  const { result, lines, clock } = await waiting([
    ...running,
    ...running.map(() => ({ log: ["a", "b", "c"] })),
    { exit: "OK", log: ["a", "b", "c", "TASK OK"] },
  ]);
  await expect(result).resolves.toEqual({ warnings: 0 });
  expect(lines).toEqual(["a", "b", "c", "TASK OK"]);
  expect(clock.waits).toEqual([100, 200, 400, 800, 1000, 1000, 1000, 1000, 1000, 1000]);
});

test("a task that ends with warnings has ended well, and says how many", async () => {
  const { result } = await waiting([{ exit: "WARNINGS: 2", log: ["WARN: x", "WARN: y"] }]);
  await expect(result).resolves.toEqual({ warnings: 2 });
});

test("a task that fails does so with its own error and the end of its log", async () => {
  const log = ["1", "2", "3", "4", "5", "ERROR: no space left", "TASK ERROR: job errors"];
  const { result } = await waiting([{ exit: "job errors", log }]);
  await expect(result).rejects.toMatchObject({
    kind: "undetermined",
    code: "proxmox-task-failed",
    message:
      "the task vzdump of 101 on pve1 failed: job errors; its log ends with: 2 | 3 | 4 | 5 | ERROR: no space left",
    hint: `on pve1: pvenode task log ${upid}`,
  });
});

test("a task that takes too long is left, and so is one that cannot be asked about", async () => {
  const slow = await waiting([{}], { timeoutMs: 2000 });
  await expect(slow.result).rejects.toMatchObject({
    code: "proxmox-task-timeout",
    message: "the task vzdump of 101 on pve1 still runs after 2 s",
  });
  expect(slow.clock.waits.reduce((sum, wait) => sum + wait)).toBe(2000);
  const away = await waiting([{ status: 595 }], { timeoutMs: 20_000 });
  await expect(away.result).rejects.toMatchObject({
    code: "proxmox-task-timeout",
    message: expect.stringContaining("cannot be seen to end after 20 s: "),
  });
});

test("an API that is away for a while does not end the waiting; a refusal does", async () => {
  const { result } = await waiting([...Array.from({ length: 4 }, () => ({ status: 595 })), { exit: "OK" }]);
  await expect(result).resolves.toEqual({ warnings: 0 });
  const refused = await waiting([{ status: 403 }]);
  await expect(refused.result).rejects.toMatchObject({ code: "proxmox-forbidden" });
});

test("a signal ends the waiting, in a wait as in a question, and the task goes on", async () => {
  const controller = new AbortController();
  const { result } = await waiting([{ log: ["a"] }], {
    signal: controller.signal,
    onLine: () => controller.abort(new Error("interrupted")),
  });
  await expect(result).rejects.toMatchObject({
    kind: "declined",
    code: "proxmox-task-left",
    cause: new Error("interrupted"),
  });
  const before = await waiting([{}], { signal: AbortSignal.abort(new Error("interrupted")) });
  await expect(before.result).rejects.toMatchObject({ code: "proxmox-task-left" });
});

test.each(["", "OK", "UPID:pve1:x", `${upid}\n`])("%j is not the id of a task", async (text) => {
  const server = await startServer(() => undefined);
  const client = createProxmoxClient(connectionTo(server));
  open.push(client, server);
  await expect(waitForTask(client, text, { timeoutMs: 1 })).rejects.toMatchObject({
    code: "proxmox-task-id",
  });
});
