import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { fakeClock } from "./clock.test-helper.ts";
import { withRunLock } from "./run-lock.ts";

const script = fileURLToPath(import.meta.resolve("./run-lock.test-script.ts"));

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "run-lock-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** A lock whose owner was killed while it had it. */
async function leaveBehind(file: string): Promise<void> {
  const child = start(file, "hold");
  await once(child.stdout ?? child, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function count(path: string, processes: number): Promise<void> {
  const counter = join(path, "counter");
  writeFileSync(counter, "0");
  const children = Array.from({ length: processes }, () => start(join(path, "lock"), "add", counter));
  await Promise.all(children.map((child) => once(child, "exit")));
  expect(readFileSync(counter, "utf8")).toBe(String(processes));
  expect(readFileSync(`${counter}.log`, "utf8")).toBe("in out ".repeat(processes));
  expect(readdirSync(path).sort()).toEqual(["counter", "counter.log"]);
}

test(
  "of many processes one at a time is at work, and nothing is left of the lock",
  { timeout: 120_000 },
  () => count(folder(), 8),
);

test("the lock of a killed process is taken over by exactly one of many", { timeout: 120_000 }, async () => {
  const path = folder();
  await leaveBehind(join(path, "lock"));
  expect(readdirSync(path)).toEqual(["lock"]);
  await count(path, 8);
});

test("also where a process was killed while it took the lock over", { timeout: 60_000 }, async () => {
  const path = folder();
  const file = join(path, "lock");
  await leaveBehind(file);
  const { id } = JSON.parse(readFileSync(file, "utf8"));
  await leaveBehind(`${file}.${id}`);
  expect(await withRunLock({ file, what: "test" }, () => readdirSync(path))).toEqual(["lock"]);
  expect(readdirSync(path)).toEqual([]);
});

test("what processes left that were killed as they waited goes with the next run", {
  timeout: 60_000,
}, async () => {
  const path = folder();
  const file = join(path, "lock");
  await withRunLock({ file, what: "test" }, async () => {
    const child = start(file, "hold");
    const prepared = () => readdirSync(path).find((name) => name.endsWith(".new")) ?? "";
    await vi.waitFor(() => expect(readFileSync(join(path, prepared()), "utf8")).toMatch(/\}\n$/), 50_000);
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  expect(readdirSync(path)).toEqual([expect.stringMatching(/^lock\.[0-9a-f]{16}\.new$/)]);
  await withRunLock({ file, what: "test" }, () => undefined);
  expect(readdirSync(path)).toEqual([]);
});

test("a process that exits in the middle of its work releases the lock", { timeout: 60_000 }, async () => {
  const path = folder();
  const child = start(join(path, "lock"), "exit");
  const [code] = await once(child, "exit");
  expect(code).toBe(5);
  expect(readdirSync(path)).toEqual([]);
});

test("held for too long: who holds it, since when, and the command that helps where it is a mistake", async () => {
  const file = join(folder(), "lock");
  const clock = fakeClock();
  await withRunLock({ file, what: "pve-home backup", clock }, async () => {
    const second = withRunLock({ file, what: "x", timeoutMs: 1020, clock }, () => "done");
    await expect(second).rejects.toMatchObject({
      kind: "undetermined",
      code: "run-locked",
      place: file,
      hint: expect.stringContaining(`rm ${file}`),
      message: `pve-home backup is running (process ${process.pid} on ${hostname()}, since 2026-01-01T00:00:00.000Z)`,
    });
  });
  // It looks now and then, not all the time.
  expect(clock.waits).toEqual([...Array(20).fill(50), 20]);
});

test("a pipe where the lock belongs is held by an unknown process, and not waited for as a pipe", async () => {
  const file = join(folder(), "lock");
  execFileSync("mkfifo", [file]);
  const clock = fakeClock();
  const run = withRunLock({ file, what: "x", timeoutMs: 100, clock }, () => "done");
  await expect(run).rejects.toMatchObject({ code: "run-locked", place: file });
});

test("the work's error is the error, and releases the lock; a wait that is interrupted leaves nothing", async () => {
  const path = folder();
  const file = join(path, "lock");
  const work = () => Promise.reject(new Error("no room"));
  await expect(withRunLock({ file, what: "test" }, work)).rejects.toThrow("no room");
  await withRunLock({ file, what: "test" }, async () => {
    const interrupt = new AbortController();
    const waiting = withRunLock({ file, what: "test", signal: interrupt.signal }, () => undefined);
    interrupt.abort(new Error("interrupted"));
    await expect(waiting).rejects.toThrow("interrupted");
    expect(readdirSync(path)).toEqual(["lock"]);
  });
  expect(readdirSync(path)).toEqual([]);
});

const dead = {
  id: "0123456789abcdef",
  what: "test",
  since: "2026-01-01T00:00:00.000Z",
  // Linux gives no process such a number.
  pid: 2 ** 30,
  started: "1",
  host: "elsewhere",
  boot: "another",
  pids: "pid:[1]",
};

test.each([
  ["of another machine", JSON.stringify(dead)],
  ["that cannot be read", "{"],
])("a lock %s is not taken over", async (_, text) => {
  const file = join(folder(), "lock");
  writeFileSync(file, text);
  const attempt = withRunLock({ file, what: "test", clock: fakeClock() }, () => undefined);
  await expect(attempt).rejects.toMatchObject({ code: "run-locked" });
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("a lock from before the machine was started is taken over; a dangling link is waited for", async () => {
  const path = folder();
  const file = join(path, "lock");
  writeFileSync(file, JSON.stringify({ ...dead, host: hostname() }));
  expect(await withRunLock({ file, what: "test" }, () => "done")).toBe("done");
  symlinkSync(join(path, "nowhere"), file);
  const attempt = withRunLock({ file, what: "test", clock: fakeClock() }, () => undefined);
  await expect(attempt).rejects.toMatchObject({ code: "run-locked" });
});
